//! Parsed and validated documents, kept: both cost as much as a small query.

use std::sync::{Arc, OnceLock};

use async_graphql::extensions::{
    Extension, ExtensionContext, ExtensionFactory, NextExecute, NextParseQuery, NextValidation,
};
use async_graphql::parser::parse_query;
use async_graphql::parser::types::{
    ExecutableDocument, OperationDefinition, Selection, SelectionSet,
};
use async_graphql::{Response, SchemaEnv, ServerError, ServerResult, ValidationResult, Variables};
use quick_cache::sync::Cache;

use super::failure::error;
use super::variables::check;

/// How many documents are kept.
const KEPT: usize = 2000;
/// Longer documents are not kept.
const LONGEST: usize = 64 * 1024;

/// A parsed document.
pub struct Document {
    /// Its syntax tree.
    pub syntax: ExecutableDocument,
    /// Whether there is a directive in it, such as `@include`.
    pub has_directives: bool,
    /// The schema that it is valid in, once it was validated.
    schema: OnceLock<SchemaEnv>,
}

/// The operation that a request names.
#[derive(Debug)]
pub struct OperationName(pub Option<String>);

impl Document {
    /// The schema that it was validated in before.
    pub fn schema(&self) -> Option<&SchemaEnv> {
        self.schema.get()
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

    /// The names of the fields of a selection set at the root.
    pub fn add_root_names<'a>(
        &'a self,
        set: &'a SelectionSet,
        names: &mut Vec<&'a str>,
        depth: usize,
    ) {
        if depth > 16 {
            return;
        }
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => names.push(field.node.name.node.as_str()),
                Selection::InlineFragment(inner) => {
                    self.add_root_names(&inner.node.selection_set.node, names, depth + 1);
                }
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = self.syntax.fragments.get(name) {
                        self.add_root_names(&fragment.node.selection_set.node, names, depth + 1);
                    }
                }
            }
        }
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

fn has_directives(syntax: &ExecutableDocument) -> bool {
    let operations = syntax.operations.iter().map(|(_, operation)| {
        let operation = &operation.node;
        (&operation.directives, &operation.selection_set)
    });
    let fragments = syntax.fragments.values().map(|fragment| {
        let fragment = &fragment.node;
        (&fragment.directives, &fragment.selection_set)
    });
    operations
        .chain(fragments)
        .any(|(directives, set)| !directives.is_empty() || set_has_directives(&set.node))
}

fn set_has_directives(set: &SelectionSet) -> bool {
    set.items.iter().any(|selection| match &selection.node {
        Selection::Field(field) => {
            !field.node.directives.is_empty() || set_has_directives(&field.node.selection_set.node)
        }
        Selection::FragmentSpread(spread) => !spread.node.directives.is_empty(),
        Selection::InlineFragment(inner) => {
            !inner.node.directives.is_empty() || set_has_directives(&inner.node.selection_set.node)
        }
    })
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
            has_directives: has_directives(&syntax),
            syntax,
            schema: OnceLock::new(),
        });
        if text.len() <= LONGEST {
            self.0.insert(text.to_owned(), Arc::clone(&document));
        }
        Ok(document)
    }
}

/// Asks for a request to be validated and not to be executed; where it is valid, holds the schema.
#[derive(Clone, Default)]
pub struct OnlyValidate(pub Arc<OnceLock<SchemaEnv>>);

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
            && document.schema().is_some()
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
        if document.schema().is_some() {
            return Ok(ValidationResult {
                cache_control: async_graphql::CacheControl::default(),
                complexity: 0,
                depth: 0,
            });
        }
        let result = next.run(ctx).await?;
        if ctx.data_opt::<OnlyValidate>().is_some() {
            // The schema is of one audience, and not to be kept.
            return Ok(result);
        }
        // Another request may have set it, to the same schema.
        let _ = document.schema.set(ctx.schema_env.clone());
        Ok(result)
    }

    async fn execute(
        &self,
        ctx: &ExtensionContext<'_>,
        operation_name: Option<&str>,
        next: NextExecute<'_>,
    ) -> Response {
        if let Some(OnlyValidate(schema)) = ctx.data_opt::<OnlyValidate>() {
            // Nobody else sets it.
            let _ = schema.set(ctx.schema_env.clone());
            return Response::default();
        }
        next.run(ctx, operation_name).await
    }
}
