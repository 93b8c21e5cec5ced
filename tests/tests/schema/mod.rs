//! What must hold of the database and of the graph as such.

mod catalog;
mod conventions;
mod sdl;
mod seeds;
