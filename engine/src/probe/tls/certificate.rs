//! The few parts of a certificate that rustls does not give us: who issued whom, and the key of one that it cannot read.

use rustls::pki_types::CertificateDer;

/// Parts of a certificate (RFC 5280, section 4.1), as they stand in it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Parts<'a> {
    /// The name of who issued it.
    issuer: &'a [u8],
    /// The name of whose it is.
    subject: &'a [u8],
    /// The algorithm of its key.
    pub(super) algorithm: &'a [u8],
    /// Its key.
    pub(super) key: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Takes them out; none if this is no certificate.
    pub(super) fn of(certificate: &'a CertificateDer<'_>) -> Option<Self> {
        let mut whole: &[u8] = certificate.as_ref();
        let mut signed = take(&mut whole)?.content;
        let mut body = take(&mut signed)?.content;
        let first = take(&mut body)?;
        if first.tag == VERSION {
            let _serial = take(&mut body)?;
        }
        let _signature = take(&mut body)?;
        let issuer = take(&mut body)?.content;
        let _validity = take(&mut body)?;
        let subject = take(&mut body)?.content;
        let mut key = take(&mut body)?.content;
        let algorithm = take(&mut key)?.content;
        // The first byte says how many bits of the last one are not used: none.
        let key = take(&mut key)?.content.strip_prefix(&[0])?;
        Some(Self { issuer, subject, algorithm, key })
    }

    /// Whether it says that it issued itself.
    pub(super) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }
}

/// The tag before the version, which certificates of version 1 leave out.
const VERSION: u8 = 0xa0;

/// A value in DER.
struct Value<'a> {
    tag: u8,
    content: &'a [u8],
}

/// Takes the first value.
fn take<'a>(bytes: &mut &'a [u8]) -> Option<Value<'a>> {
    let (&tag, rest) = bytes.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        0x81..=0x83 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0, |length, digit| length << 8 | usize::from(*digit)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    *bytes = rest;
    Some(Value { tag, content })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VERSION_1: &[u8] = include_bytes!("../../../tests/probe/version_1.der");

    #[test]
    fn the_parts_of_a_certificate_of_version_1_are_found() {
        let certificate = CertificateDer::from(VERSION_1);
        let parts = Parts::of(&certificate).unwrap();
        assert!(parts.is_self_issued());
        assert!(parts.issuer.ends_with(b"an old machine"));
        assert_eq!((parts.key.len(), parts.key[0]), (65, 4), "an uncompressed point of P-256");
    }

    proptest! {
        #[test]
        fn garbage_has_no_parts_and_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..300), cut in 0usize..305) {
            let _ = Parts::of(&CertificateDer::from(bytes));
            let short = CertificateDer::from(&VERSION_1[..cut]);
            prop_assert_eq!(Parts::of(&short), None);
        }
    }
}
