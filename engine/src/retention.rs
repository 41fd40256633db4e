//! Old rows go in small steps.
