//! Paper: where text and rules stand on pages. Everything is placed first and drawn last, so that each
//! page can say how many there are.

use std::sync::LazyLock;

use krilla::Document;
use krilla::color::rgb;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};
use ttf_parser::Face;

/// A4, in points.
pub const WIDTH: f32 = 595.28;
const HEIGHT: f32 = 841.89;
/// The margin at both sides.
pub const MARGIN: f32 = 50.0;
/// Where text ends above the foot of a page.
const BOTTOM: f32 = HEIGHT - 70.0;
/// Where text begins on a page that follows another.
const TOP: f32 = 60.0;

// Liberation Sans, under the SIL Open Font License 1.1; what a document uses of them is embedded.
static REGULAR: &[u8] = include_bytes!("fonts/LiberationSans-Regular.ttf");
static BOLD: &[u8] = include_bytes!("fonts/LiberationSans-Bold.ttf");

/// How text is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Its size in points.
    pub size: f32,
    /// Whether it is bold.
    pub is_bold: bool,
    /// Whether it steps back, as captions do.
    pub is_quiet: bool,
}

/// Text as most of it is.
pub const PLAIN: Style = Style {
    size: 9.0,
    is_bold: false,
    is_quiet: false,
};
/// What stands out.
pub const STRONG: Style = Style {
    is_bold: true,
    ..PLAIN
};
/// Captions.
pub const QUIET: Style = Style {
    size: 8.0,
    is_bold: false,
    is_quiet: true,
};
/// The heading.
pub const TITLE: Style = Style {
    size: 18.0,
    is_bold: true,
    is_quiet: false,
};

#[derive(Clone, Debug)]
enum Mark {
    Text(f32, f32, Style, String),
    Rule(f32, f32, f32),
}

/// Pages that are being filled from above.
#[derive(Debug)]
pub struct Paper {
    pages: Vec<Vec<Mark>>,
    /// How far down the page the next line of text stands.
    pub y: f32,
}

/// Why a document could not be printed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the document could not be printed: {0}")]
pub struct PrintError(String);

impl Paper {
    /// An empty page.
    pub fn new() -> Self {
        Self {
            pages: vec![Vec::new()],
            y: TOP,
        }
    }

    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    /// Text that begins at `x`.
    pub fn left(&mut self, x: f32, style: Style, text: &str) {
        let y = self.y;
        self.put(Mark::Text(x, y, style, text.to_owned()));
    }

    /// Text that ends at `x`.
    pub fn right(&mut self, x: f32, style: Style, text: &str) {
        let begins = x - width(text, style);
        self.left(begins, style, text);
    }

    /// A thin rule below the present line.
    pub fn rule(&mut self, from: f32, to: f32) {
        let y = self.y + 4.0;
        self.put(Mark::Rule(from, to, y));
    }

    /// The next line of text, so much further down.
    pub fn down(&mut self, by: f32) {
        self.y += by;
    }

    /// Whether so much more fits on this page.
    pub fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// The next page.
    pub fn turn(&mut self) {
        self.pages.push(Vec::new());
        self.y = TOP;
    }

    /// The document as a PDF, with `foot` below each page beside its number.
    pub fn finish(self, title: &str, foot: &str) -> Result<Vec<u8>, PrintError> {
        let broken = || PrintError("a font cannot be read".to_owned());
        let regular = Font::new(REGULAR.into(), 0).ok_or_else(broken)?;
        let bold = Font::new(BOLD.into(), 0).ok_or_else(broken)?;
        let mut document = Document::new();
        document.set_metadata(Metadata::new().title(title.to_owned()));
        let count = self.pages.len();
        for (index, mut marks) in self.pages.into_iter().enumerate() {
            let number = format!("Page {} of {count}", index + 1);
            let x = WIDTH - MARGIN - width(&number, QUIET);
            let y = HEIGHT - 40.0;
            marks.push(Mark::Rule(MARGIN, WIDTH - MARGIN, y - 12.0));
            marks.push(Mark::Text(MARGIN, y, QUIET, foot.to_owned()));
            marks.push(Mark::Text(x, y, QUIET, number));
            let size = PageSettings::from_wh(WIDTH, HEIGHT);
            let size = size.ok_or_else(|| PrintError("a page has no size".to_owned()))?;
            let mut page = document.start_page_with(size);
            let mut surface = page.surface();
            for mark in marks {
                draw(&mut surface, &mark, (&regular, &bold));
            }
            surface.finish();
            page.finish();
        }
        document
            .finish()
            .map_err(|error| PrintError(format!("{error:?}")))
    }
}

impl Default for Paper {
    fn default() -> Self {
        Self::new()
    }
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, (regular, bold): (&Font, &Font)) {
    match mark {
        Mark::Text(x, y, style, text) => {
            let shade = if style.is_quiet { 110 } else { 20 };
            surface.set_stroke(None);
            surface.set_fill(Some(Fill {
                paint: rgb::Color::new(shade, shade, shade).into(),
                opacity: NormalizedF32::ONE,
                rule: krilla::paint::FillRule::default(),
            }));
            let font = if style.is_bold { bold } else { regular };
            let at = Point::from_xy(*x, *y);
            let font = font.clone();
            surface.draw_text(at, font, style.size, text, false, TextDirection::Auto);
        }
        Mark::Rule(from, to, y) => {
            let mut path = PathBuilder::new();
            path.move_to(*from, *y);
            path.line_to(*to, *y);
            if let Some(path) = path.finish() {
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke {
                    paint: rgb::Color::new(190, 190, 190).into(),
                    width: 0.6,
                    ..Stroke::default()
                }));
                surface.draw_path(&path);
            }
        }
    }
}

/// How wide text stands.
pub fn width(text: &str, style: Style) -> f32 {
    static FACES: LazyLock<(Option<Face<'static>>, Option<Face<'static>>)> =
        LazyLock::new(|| (Face::parse(REGULAR, 0).ok(), Face::parse(BOLD, 0).ok()));
    let face = if style.is_bold { &FACES.1 } else { &FACES.0 };
    let Some(face) = face else { return 0.0 };
    let units: u32 = text
        .chars()
        .map(|letter| {
            let glyph = face.glyph_index(letter).unwrap_or_default();
            u32::from(face.glyph_hor_advance(glyph).unwrap_or(0))
        })
        .sum();
    #[expect(
        clippy::cast_precision_loss,
        reason = "a line of text has few units of a font"
    )]
    let units = units as f32;
    units * style.size / f32::from(face.units_per_em())
}

/// Text in lines that are no wider than so much; a word that is longer is broken.
pub fn wrapped(text: &str, style: Style, most: f32) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let mut word = word.to_owned();
        loop {
            let last = lines.last().cloned().unwrap_or_default();
            let longer = if last.is_empty() {
                word.clone()
            } else {
                format!("{last} {word}")
            };
            if width(&longer, style) <= most {
                if let Some(line) = lines.last_mut() {
                    *line = longer;
                }
                break;
            }
            if !last.is_empty() {
                lines.push(String::new());
                continue;
            }
            let head = head(&word, style, most);
            word.drain(..head.len());
            if let Some(line) = lines.last_mut() {
                *line = head;
            }
            lines.push(String::new());
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

/// As much of a word as fits, a letter at least.
fn head(word: &str, style: Style, most: f32) -> String {
    let mut head = String::new();
    for letter in word.chars() {
        head.push(letter);
        if head.chars().count() > 1 && width(&head, style) > most {
            head.pop();
            break;
        }
    }
    head
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_and_nothing_of_it_is_lost() {
        let text = "Accommodation in a double room with a view of the river, breakfast included";
        let lines = wrapped(text, PLAIN, 120.0);
        assert!(lines.len() > 2);
        assert_eq!(lines.join(" "), text);
        assert!(lines.iter().all(|line| width(line, PLAIN) <= 120.0));
        let long = "x".repeat(300);
        let lines = wrapped(&long, PLAIN, 100.0);
        assert_eq!(lines.concat(), long);
    }
}
