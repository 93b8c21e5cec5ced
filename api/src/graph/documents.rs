//! Parsed and validated documents, kept: both cost as much as a small query.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextParseQuery, NextValidation,
};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{ServerError, ServerResult, ValidationResult, Variables};
use quick_cache::sync::Cache;

use super::failure::error;
use super::variables::check;

/// How many documents are kept.
const KEPT: usize = 2000;
/// Longer documents are not kept.
const LONGEST: usize = 64 * 1024;

/// A parsed document.
#[derive(Debug)]
pub struct Document {
    /// Its syntax tree.
    pub syntax: ExecutableDocument,
    valid: AtomicBool,
}

/// The operation that a request names.
#[derive(Debug)]
pub struct OperationName(pub Option<String>);

impl Document {
    /// Whether it was validated before.
    pub fn is_valid(&self) -> bool {
        self.valid.load(Ordering::Relaxed)
    }

    /// The operation that a request asks for, where the document leaves no doubt.
    pub fn operation(&self, name: Option<&str>) -> Option<&OperationDefinition> {
        let mut operations = self.syntax.operations.iter();
        if let Some(name) = name {
            return operations
                .find(|(own, _)| own.is_some_and(|own| own.as_str() == name))
                .map(|(_, operation)| &operation.node);
        }
        let only = operations.next().map(|(_, operation)| &operation.node);
        if operations.next().is_none() {
            only
        } else {
            None
        }
    }

    /// The name of the operation that a request asks for.
    pub fn name(&self, asked: Option<&str>) -> Option<String> {
        let first = self
            .syntax
            .operations
            .iter()
            .next()
            .and_then(|(name, _)| name);
        asked
            .or(first.map(async_graphql::Name::as_str))
            .map(str::to_owned)
    }

    /// The keys of the response's data, in the order of the document.
    pub fn response_keys<'a>(&'a self, operation: &'a OperationDefinition) -> Vec<&'a str> {
        let mut keys = Vec::new();
        self.add_keys(&operation.selection_set.node, &mut keys, 0);
        keys
    }

    fn add_keys<'a>(&'a self, set: &'a SelectionSet, keys: &mut Vec<&'a str>, depth: usize) {
        if depth > 16 {
            return;
        }
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let key = field.node.response_key().node.as_str();
                    if !keys.contains(&key) {
                        keys.push(key);
                    }
                }
                Selection::InlineFragment(inner) => {
                    self.add_keys(&inner.node.selection_set.node, keys, depth + 1);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) =
                        self.syntax.fragments.get(&spread.node.fragment_name.node)
                    {
                        self.add_keys(&fragment.node.selection_set.node, keys, depth + 1);
                    }
                }
            }
        }
    }
}

/// The documents that came before.
pub struct Documents(Cache<String, Arc<Document>>);

impl Default for Documents {
    fn default() -> Self {
        Self(Cache::new(KEPT))
    }
}

impl Documents {
    /// The document of this text, parsed now or before.
    pub fn parse(&self, text: &str) -> Result<Arc<Document>, ServerError> {
        if let Some(document) = self.0.get(text) {
            return Ok(document);
        }
        let syntax = parse_query(text)?;
        let document = Arc::new(Document {
            syntax,
            valid: AtomicBool::new(false),
        });
        if text.len() <= LONGEST {
            self.0.insert(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

/// Leaves out the validation of documents that were validated before.
pub struct ValidateOnce;

impl ExtensionFactory for ValidateOnce {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

#[async_trait::async_trait]
impl Extension for ValidateOnce {
    /// Documents are validated together with their first variables; later ones are checked here.
    async fn parse_query(
        &self,
        ctx: &ExtensionContext<'_>,
        query: &str,
        variables: &Variables,
        next: NextParseQuery<'_>,
    ) -> ServerResult<ExecutableDocument> {
        if let Some(document) = ctx.data_opt::<Arc<Document>>()
            && document.is_valid()
            && let Some(OperationName(name)) = ctx.data_opt::<OperationName>()
            && let Some(operation) = document.operation(name.as_deref())
        {
            check(&ctx.schema_env.registry, operation, variables).map_err(error)?;
        }
        next.run(ctx, query, variables).await
    }

    async fn validation(
        &self,
        ctx: &ExtensionContext<'_>,
        next: NextValidation<'_>,
    ) -> Result<ValidationResult, Vec<ServerError>> {
        let Some(document) = ctx.data_opt::<Arc<Document>>() else {
            return next.run(ctx).await;
        };
        if document.is_valid() {
            return Ok(ValidationResult {
                cache_control: async_graphql::CacheControl::default(),
                complexity: 0,
                depth: 0,
            });
        }
        let result = next.run(ctx).await?;
        document.valid.store(true, Ordering::Relaxed);
        Ok(result)
    }
}
