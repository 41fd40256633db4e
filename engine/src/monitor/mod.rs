//! Schedule and judgement.
