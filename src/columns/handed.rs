//! Users to whom a session handed a way in or more rights, and who are seen nowhere else: a password set for somebody who neither acts nor is
//! spoken of in another week. A colleague who is helped acts, and somebody new was made in these files; a forgotten user does not, and was not.

use hashbrown::{HashMap, HashSet};

use super::facts::Facts;
use super::strangers::WEEK;
use crate::event::{EventTable, Kind};
use crate::session::Session;

/// What such a user says, in bits.
pub(super) const NOBODY: f64 = 4.0;

/// Whether a call gives a user a way in or more rights.
///
/// After MITRE ATT&CK T1098.001 and T1098.003; what each does is in AWS's reference of the IAM API.
pub(super) fn hands(call: &str) -> bool {
    matches!(
        call,
        "iam:CreateLoginProfile" | "iam:UpdateLoginProfile" | "iam:CreateAccessKey" | "iam:CreateServiceSpecificCredential" | "iam:ResetServiceSpecificCredential"
            | "iam:UploadSSHPublicKey" | "iam:UploadSigningCertificate" | "iam:AttachUserPolicy" | "iam:PutUserPolicy" | "iam:AddUserToGroup"
            | "iam:DeleteUserPermissionsBoundary"
    )
}

/// To whom a session handed something, and by which call: in the table's names and texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Handed {
    /// The user.
    pub user: u32,
    /// The call.
    pub call: u32,
}

/// Sessions that handed something to a user who is seen nowhere else, each with one of them. As seen from then only what was before is known,
/// and in the first week of the files nobody is said to be unknown.
#[inline(never)]
pub(super) fn handed(table: &EventTable, sessions: &[Session], facts: &[Facts], hindsight: bool) -> HashMap<u32, Handed> {
    let giving: Vec<usize> = (0..sessions.len()).filter(|n| !facts[*n].handed.is_empty()).collect();
    let users: HashSet<u32> = giving.iter().flat_map(|n| &facts[*n].handed).map(|handed| handed.user).collect();
    let mut seen: HashMap<u32, Seen> = HashMap::new();
    // Mostly there is nobody to look for.
    for session in if users.is_empty() { &[] } else { sessions } {
        for event in session.events.iter().map(|number| &table.events[*number as usize]) {
            let (actor, user) = (&table.actors[event.actor as usize], table.detail(event).user);
            if event.kind != Kind::LoginFailed && users.contains(&actor.name) {
                keep(&mut seen.entry(actor.name).or_default().acts, (session.day(), session.address));
            }
            if users.contains(&user) {
                let seen = seen.entry(user).or_default();
                keep(&mut seen.named, session.day());
                seen.made |= event.error == 0 && table.texts.get(event.call) == "iam:CreateUser";
            }
        }
    }
    let first = sessions.first().map_or(0, Session::day);
    let unknown = |n: usize, handed: &Handed| {
        let (day, address) = (sessions[n].day(), sessions[n].address);
        // Who gave themselves another name acts from the same address.
        let acts = |&(when, at): &(i64, u32)| when < day || hindsight && at != address;
        let named = |&when: &i64| if hindsight { (when - day).abs() > WEEK } else { when < day };
        seen.get(&handed.user).is_none_or(|seen| !seen.made && !seen.acts.iter().any(acts) && !seen.named.iter().any(named))
    };
    let early = |n: usize| !hindsight && sessions[n].day() < first + WEEK;
    giving.into_iter().filter(|n| !early(*n)).filter_map(|n| Some((n as u32, *facts[n].handed.iter().find(|handed| unknown(n, handed))?))).collect()
}

/// Where a user is seen.
#[derive(Default)]
struct Seen {
    /// A day and an address on which they act.
    acts: Vec<(i64, u32)>,
    /// Days on which a call is about them.
    named: Vec<i64>,
    /// They were made in these files.
    made: bool,
}

fn keep<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if list.last() != Some(&value) {
        list.push(value);
    }
}
