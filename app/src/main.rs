//! The browser's main: takes over the page that the server rendered.

fn main() {
    console_error_panic_hook::set_once();
    app::hydrate();
}
