//! The browser's main: takes over the page that the server rendered.

// The types of views are deep.
#![recursion_limit = "512"]

fn main() {
    console_error_panic_hook::set_once();
    app::hydrate();
}
