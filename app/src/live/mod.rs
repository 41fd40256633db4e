//! What changes while a page is open.
