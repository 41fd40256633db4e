//! Judges an answer piece by piece: first its status code, then its body, which must be whole and have the wanted text.

use domain::{Check, Failure, Method};

use super::body::{Body, Found};
use super::head::{Framing, Head, HeadReader};

/// An answer that is being read. The verdict does not depend on how the bytes were cut.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    check: &'a Check,
    status_code: Option<u16>,
    part: Part,
}

#[derive(Debug)]
enum Part {
    Head(HeadReader),
    Body(Body),
}

/// What is to be done next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Read on.
    More,
    /// It passes.
    Done,
}

impl<'a> Answer<'a> {
    /// The answer to the request of `check`.
    pub(super) fn new(check: &'a Check) -> Self {
        Self { check, status_code: None, part: Part::Head(HeadReader::default()) }
    }

    /// The status code, once it came.
    pub(super) fn status_code(&self) -> Option<u16> {
        self.status_code
    }

    /// Takes the next bytes.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Step, Failure> {
        match &mut self.part {
            Part::Body(_) => self.read(bytes),
            Part::Head(reader) => match reader.feed(bytes)? {
                None => Ok(Step::More),
                Some((head, rest)) => self.judge(head, &rest),
            },
        }
    }

    /// The peer closed.
    pub(super) fn end(&self) -> Result<(), Failure> {
        match &self.part {
            Part::Body(body) if body.may_end_here() => match &self.check.body_contains {
                Some(_) => Err(self.mismatch()),
                None => Ok(()),
            },
            _ => Err(Failure::ConnectionClosed),
        }
    }

    fn judge(&mut self, head: Head, rest: &[u8]) -> Result<Step, Failure> {
        self.status_code = Some(head.code);
        if !self.check.matcher.matches(head.code) {
            return Err(Failure::Status { code: head.code, expected: self.check.matcher.clone() });
        }
        let framing = if self.has_no_body(head.code) { Ok(Framing::Length(0)) } else { head.framing };
        let framing = framing.map_err(Failure::Malformed)?;
        self.part = Part::Body(Body::new(self.check.body_contains.as_deref(), framing));
        self.read(rest)
    }

    fn has_no_body(&self, code: u16) -> bool {
        self.check.method == Method::Head || matches!(code, 101 | 204 | 304)
    }

    fn read(&mut self, bytes: &[u8]) -> Result<Step, Failure> {
        let Part::Body(body) = &mut self.part else { return Ok(Step::More) };
        match body.feed(bytes)? {
            Found::Yes => Ok(Step::Done),
            Found::NotYet => Ok(Step::More),
            Found::No => Err(self.mismatch()),
        }
    }

    fn mismatch(&self) -> Failure {
        Failure::BodyMismatch(self.check.body_contains.clone().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use domain::Protocol;
    use proptest::prelude::*;

    use super::super::body::BODY_MAX;
    use super::*;

    fn check_for(text: Option<&str>) -> Check {
        let matcher = "200-299".parse().unwrap();
        Check { body_contains: text.map(str::to_owned), matcher, ..Check::default_for(Protocol::Http) }
    }

    /// The verdict on `bytes`, cut at `cuts`, after which the peer closes.
    fn verdict(check: &Check, bytes: &[u8], cuts: &[usize]) -> Result<(), Failure> {
        let mut answer = Answer::new(check);
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut % (bytes.len() + 1)).chain([0, bytes.len()]).collect();
        cuts.sort_unstable();
        for piece in cuts.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).filter(|piece| !piece.is_empty()) {
            if answer.feed(piece)? == Step::Done {
                return Ok(());
            }
        }
        answer.end()
    }

    fn check(wanted: &str, bytes: &str, expected: Result<(), Failure>) {
        let every_byte: Vec<_> = (0..bytes.len()).collect();
        for cuts in [&[][..], &every_byte] {
            assert_eq!(verdict(&check_for(Some(wanted)), bytes.as_bytes(), cuts), expected, "{bytes:?}");
        }
    }

    #[test]
    fn the_status_code_comes_first() {
        let bytes = b"HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nok";
        let expected = Err(Failure::Status { code: 503, expected: "200-299".parse().unwrap() });
        assert_eq!(verdict(&check_for(Some("ok")), bytes, &[]), expected);
        assert_eq!(verdict(&check_for(None), b"HTTP/1.1 200 OK\r\n\r\n", &[]), Ok(()));
    }

    #[test]
    fn the_text_is_found_in_every_framing() {
        check("ready", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nit ready!", Ok(()));
        check("ready", "HTTP/1.1 200 OK\r\n\r\nit is ready", Ok(()));
        check("ready", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nrea\r\n2\r\ndy\r\n0\r\n\r\n", Ok(()));
    }

    #[test]
    fn a_whole_body_without_the_text_is_a_mismatch_and_a_cut_one_is_not() {
        let mismatch = || Err(Failure::BodyMismatch("ready".to_owned()));
        check("ready", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnot ready", mismatch());
        check("ready", "HTTP/1.1 200 OK\r\n\r\nnot yet", mismatch());
        check("ready", "HTTP/1.1 204 No\r\n\r\n", mismatch());
        check("ready", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nnot", Err(Failure::ConnectionClosed));
        let cut = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nnot\r\n";
        check("ready", cut, Err(Failure::ConnectionClosed));
        check("ready", "", Err(Failure::ConnectionClosed));
    }

    #[test]
    fn without_a_wanted_text_the_body_must_be_whole_up_to_the_limit() {
        let whole = |bytes: &str| verdict(&check_for(None), bytes.as_bytes(), &[]);
        assert_eq!(whole("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"), Ok(()));
        assert_eq!(whole("HTTP/1.1 200 OK\r\n\r\nto the end"), Ok(()));
        assert_eq!(whole("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok"), Err(Failure::ConnectionClosed));
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        assert_eq!(whole(&format!("{head}2\r\nok\r\n0\r\n\r\n")), Ok(()));
        assert_eq!(whole(&format!("{head}2\r\nok\r\n")), Err(Failure::ConnectionClosed));
        assert!(matches!(whole(&format!("{head}zz\r\nok")), Err(Failure::Malformed(_))));
        let long =
            |length: usize| format!("HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n{}", "x".repeat(length));
        assert_eq!(whole(&long(BODY_MAX)), Ok(()));
        assert_eq!(whole(&long(BODY_MAX - 1)), Err(Failure::ConnectionClosed));
    }

    #[test]
    fn the_answer_to_head_has_no_body() {
        let check = Check { method: Method::Head, ..check_for(Some("ok")) };
        let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        assert_eq!(verdict(&check, bytes, &[]), Err(Failure::BodyMismatch("ok".to_owned())));
    }

    #[test]
    fn no_more_than_the_limit_is_searched() {
        for (before, expected) in [(BODY_MAX - 5, true), (BODY_MAX - 4, false)] {
            let bytes = format!("HTTP/1.1 200 OK\r\n\r\n{}ready", "x".repeat(before));
            assert_eq!(verdict(&check_for(Some("ready")), bytes.as_bytes(), &[]).is_ok(), expected);
        }
        let tiny_chunks = "1;ext\r\nx\r\n".repeat(BODY_MAX);
        let bytes = format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{tiny_chunks}");
        assert!(matches!(verdict(&check_for(Some("ready")), bytes.as_bytes(), &[]), Err(Failure::BodyMismatch(_))));
    }

    fn answers() -> impl Strategy<Value = Vec<u8>> {
        let token = prop::sample::select(vec![
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Content-Length: 7\r\n",
            "Content-Length: x\r\n",
            "A: b\r\n",
            "\r\n",
            "\n",
            "\0",
            "5\r\nready\r\n",
            "0\r\n\r\n",
            "3\r\nrea\r\n",
            "2\r\ndy\r\n",
            "rea",
            "dy",
            "x",
        ]);
        let rest = prop::collection::vec(token, 0..12).prop_map(|tokens| tokens.concat().into_bytes());
        rest.prop_map(|rest| [b"HTTP/1.1 200 OK\r\n".as_slice(), &rest].concat())
    }

    proptest! {
        #[test]
        fn any_cut_of_the_bytes_gives_the_same_verdict(
            bytes in answers(), cuts in prop::collection::vec(any::<usize>(), 0..20),
        ) {
            for check in [check_for(None), check_for(Some("ready"))] {
                prop_assert_eq!(verdict(&check, &bytes, &cuts), verdict(&check, &bytes, &[]));
            }
        }

        #[test]
        fn garbage_never_panics_and_never_passes(
            bytes in prop::collection::vec(any::<u8>(), 0..600), cuts in prop::collection::vec(any::<usize>(), 0..9),
        ) {
            prop_assert!(verdict(&check_for(Some("ready")), &bytes, &cuts).is_err());
            let after_a_head = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".as_slice(), &bytes].concat();
            prop_assert!(verdict(&check_for(Some("not in there")), &after_a_head, &cuts).is_err());
        }
    }
}
