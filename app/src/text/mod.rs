//! Everything that is said, in English and Korean. A sentence that is missing in one of them does not compile.
