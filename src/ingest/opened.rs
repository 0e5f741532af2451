//! To whom a request opens something: the accounts that a share, a policy or a layer names. Which of them are strangers is told where
//! all files are known.

use std::borrow::Cow;

use crate::record::{EVERYBODY, Text};

/// So many are kept of one request.
pub(super) const MOST: usize = 16;

/// Makes a list, and the question whether a key is in it, which is asked of every key of every request.
macro_rules! keys {
    ($($key:literal)*) => {
        const KEYS: &[&str] = &[$($key),*];

        /// Whether a key of `requestParameters` says to whom something is opened, as CloudTrail writes it. Each is of the API reference of its
        /// service: EC2 (attributes of snapshots and images, peering, endpoint services), RDS (`valuesToAdd`), Redshift, IAM, S3, KMS, Lambda, ECR,
        /// Secrets Manager, EventBridge, RAM, SSM, SNS and SQS.
        pub(super) fn opens(key: &str) -> bool {
            matches!(key, $($key)|*)
        }
    };
}

keys! {
    "createVolumePermission" "launchPermission" "valuesToAdd" "accountWithRestoreAccess" "policyDocument" "assumeRolePolicyDocument"
    "policy" "bucketPolicy" "AccessControlPolicy" "ReplicationConfiguration" "policyText" "resourcePolicy" "accessPolicy"
    "granteePrincipal" "principal" "principals" "layers" "accountIdsToAdd" "addAllowedPrincipals" "peerOwnerId" "attributeValue"
}

/// The same for a path of whatever writing, which begins behind `requestParameters` and may go on below the key.
pub(super) fn opens_at(path: &str) -> bool {
    let begins = |key: &str| path.get(..key.len()).is_some_and(|start| start.eq_ignore_ascii_case(key));
    // Of other keys that begin so, `policyArn` and the like name accounts for other reasons.
    let whole = |key: &str| !matches!(key, "policy" | "attributeValue") || path.len() == key.len();
    KEYS.iter().any(|key| begins(key) && whole(key)) && !path.contains("remove")
}

/// Whether what stands under a key is taken away instead.
pub(super) fn closes(key: &str) -> bool {
    matches!(key, "remove" | "Remove")
}

/// Whether `*` under a key means everybody. In a policy it may stand for actions, or for those to whom something is denied.
pub(super) fn names_all(key: &str) -> bool {
    key.eq_ignore_ascii_case("principal")
}

/// Adds the accounts that a text names: whole numbers of twelve digits. `star`: whether `*` is everybody.
pub(super) fn add(to: &mut Text<'_>, text: &str, star: bool) {
    if text == "all" || star && text == "*" {
        put(to, EVERYBODY);
        return;
    }
    let bytes = text.as_bytes();
    let within = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let mut at = 0;
    while let Some(from) = bytes[at..].iter().position(u8::is_ascii_digit).map(|n| at + n) {
        let length = bytes[from..].iter().take_while(|b| b.is_ascii_digit()).count();
        at = from + length;
        if length == 12 && !within(from.checked_sub(1).and_then(|n| bytes.get(n))) && !within(bytes.get(at)) {
            put(to, &text[from..at]);
        }
    }
}

fn put(to: &mut Text<'_>, account: &str) {
    if to.split(' ').any(|known| known == account) || to.split(' ').count() >= MOST {
        return;
    }
    let all = match std::mem::take(to) {
        none if none.is_empty() => account.to_owned(),
        some => format!("{some} {account}"),
    };
    *to = Cow::Owned(all);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(texts: &[&str]) -> String {
        let mut found = Text::default();
        texts.iter().for_each(|text| add(&mut found, text, false));
        found.into_owned()
    }

    #[test]
    fn accounts_are_numbers_of_twelve_digits() {
        let policy = r#"{"Principal":{"AWS":["arn:aws:iam::111122223333:root","444455556666"]},"Condition":{"Bool":{"at":"1234567890123"}}}"#;
        assert_eq!(named(&[policy]), "111122223333 444455556666");
        assert_eq!(named(&["111122223333", "111122223333", "vpce-111122223333", "x111122223333", "111122223333.dkr"]), "111122223333");
        assert_eq!(named(&["all"]), EVERYBODY);
        assert_eq!(named(&["*"]), "");
        assert_eq!(named(&["", "1", "\u{661}11122223333"]), "");
    }

    #[test]
    fn a_thousand_accounts_are_sixteen() {
        let many: String = (0..1000).map(|n| format!("{:012} ", n + 100_000_000_000u64)).collect();
        assert_eq!(named(&[&many]).split(' ').count(), MOST);
    }
}
