//! One entry as a file has it, made uniform. Every shape (CloudTrail JSON, CSV, …) makes records; knows no parsing.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Text borrowed from the input where it stands there unescaped. Empty means: the file does not say.
pub(crate) type Text<'a> = Cow<'a, str>;

/// Who is named where a request opens something to whoever there is: a snapshot or an image for all, a function for `*`.
pub(crate) const EVERYBODY: &str = "everybody";

/// Where a record stands, so that its original can be read again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Which file, as numbered by the caller.
    pub file: u32,
    /// Which member of an archive, numbered within the file; 0 where there is no archive.
    pub member: u32,
    /// Byte offset of the record in the inflated member.
    pub offset: u64,
    /// Length of the record in bytes.
    pub length: u32,
}

/// One CloudTrail record, flat: the fields that identities, sessions, columns and sentences need.
///
/// Names follow the record's JSON paths. Booleans and numbers are kept as their text (`"true"`, `"3600"`).
/// Source: AWS CloudTrail user guide, "CloudTrail record contents".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs)] // each is the JSON path beside it
pub struct Record<'a> {
    pub event_version: Text<'a>,     // eventVersion
    pub event_time: Text<'a>,        // eventTime
    pub event_source: Text<'a>,      // eventSource
    pub event_name: Text<'a>,        // eventName
    pub aws_region: Text<'a>,        // awsRegion
    pub source_ip: Text<'a>,         // sourceIPAddress
    pub user_agent: Text<'a>,        // userAgent
    pub error_code: Text<'a>,        // errorCode
    pub error_message: Text<'a>,     // errorMessage
    pub event_id: Text<'a>,          // eventID
    pub event_type: Text<'a>,        // eventType
    pub event_category: Text<'a>,    // eventCategory
    pub shared_event_id: Text<'a>,   // sharedEventID
    pub recipient_account: Text<'a>, // recipientAccountId
    pub read_only: Text<'a>,         // readOnly
    pub vpc_endpoint: Text<'a>,      // vpcEndpointId
    pub from_console: Text<'a>,      // sessionCredentialFromConsole
    // userIdentity
    pub identity_type: Text<'a>,      // userIdentity.type
    pub principal_id: Text<'a>,       // userIdentity.principalId
    pub arn: Text<'a>,                // userIdentity.arn
    pub account_id: Text<'a>,         // userIdentity.accountId
    pub access_key_id: Text<'a>,      // userIdentity.accessKeyId
    pub user_name: Text<'a>,          // userIdentity.userName
    pub invoked_by: Text<'a>,         // userIdentity.invokedBy
    pub identity_provider: Text<'a>,  // userIdentity.identityProvider
    pub credential_id: Text<'a>,      // userIdentity.credentialId
    pub on_behalf_of: Text<'a>,       // userIdentity.onBehalfOf.userId
    pub creation_date: Text<'a>,      // userIdentity.sessionContext.attributes.creationDate
    pub mfa_authenticated: Text<'a>,  // userIdentity.sessionContext.attributes.mfaAuthenticated
    pub issuer_type: Text<'a>,        // userIdentity.sessionContext.sessionIssuer.type
    pub issuer_arn: Text<'a>,         // userIdentity.sessionContext.sessionIssuer.arn
    pub issuer_account: Text<'a>,     // userIdentity.sessionContext.sessionIssuer.accountId
    pub issuer_name: Text<'a>,        // userIdentity.sessionContext.sessionIssuer.userName
    pub source_identity: Text<'a>,    // userIdentity.sessionContext.sourceIdentity
    pub role_delivery: Text<'a>,      // userIdentity.sessionContext.ec2RoleDelivery
    pub federated_provider: Text<'a>, // userIdentity.sessionContext.webIdFederationData.federatedProvider
    // requestParameters
    pub req_role_arn: Text<'a>,        // requestParameters.roleArn
    pub req_session_name: Text<'a>,    // requestParameters.roleSessionName
    pub req_source_identity: Text<'a>, // requestParameters.sourceIdentity
    pub req_duration: Text<'a>,        // requestParameters.durationSeconds
    pub req_serial: Text<'a>,          // requestParameters.serialNumber
    pub req_user_name: Text<'a>,       // requestParameters.userName
    pub req_policy_arn: Text<'a>,      // requestParameters.policyArn
    pub req_target: Text<'a>,          // requestParameters: the first present of bucketName, secretId, instanceId, functionName, trailName, name, roleName, keyId, modelId, groupId
    pub req_opened: Text<'a>,          // requestParameters: the accounts that a share, a policy or a layer names, with spaces between; see ingest/opened.rs
    // responseElements
    pub res_console_login: Text<'a>, // responseElements.ConsoleLogin
    pub res_switch_role: Text<'a>,   // responseElements.SwitchRole (or GetSigninToken, ExitRole, RenewRole)
    pub res_access_key: Text<'a>,    // responseElements.credentials.accessKeyId
    pub res_new_key: Text<'a>,       // responseElements.accessKey.accessKeyId (CreateAccessKey)
    pub res_principal_arn: Text<'a>, // responseElements.assumedRoleUser.arn or .federatedUser.arn
    pub res_subject: Text<'a>,       // responseElements.subject or subjectFromWebIdentityToken
    // additionalEventData
    pub add_login_to: Text<'a>,        // additionalEventData.LoginTo
    pub add_mfa_used: Text<'a>,        // additionalEventData.MFAUsed
    pub add_mfa_identifier: Text<'a>,  // additionalEventData.MFAIdentifier
    pub add_saml_provider: Text<'a>,   // additionalEventData.SamlProviderArn
    pub add_switch_from: Text<'a>,     // additionalEventData.SwitchFrom
    pub add_user_name: Text<'a>,       // additionalEventData.UserName
    pub add_credential_type: Text<'a>, // additionalEventData.CredentialType
    pub add_workflow: Text<'a>,        // additionalEventData.AuthWorkflowID
    pub add_bytes_out: Text<'a>,       // additionalEventData.bytesTransferredOut
    // serviceEventDetails
    pub svc_result: Text<'a>,  // serviceEventDetails.{CredentialVerification,UserAuthentication,CredentialChallenge}
    pub svc_account: Text<'a>, // serviceEventDetails.account_id
    pub svc_role: Text<'a>,    // serviceEventDetails.role_name
    // tlsDetails
    pub tls_version: Text<'a>, // tlsDetails.tlsVersion
    pub tls_cipher: Text<'a>,  // tlsDetails.cipherSuite
    pub(crate) recalled: Recalled,
}

/// Numbers of the same identity are the same, for as long as the program runs; 0 where none was given. It is about how a record
/// was read, not about what it says, so it takes no part in comparing records.
#[derive(Clone, Copy, Default)]
pub(crate) struct Recalled(pub(crate) u64);

impl PartialEq for Recalled {
    fn eq(&self, _: &Recalled) -> bool {
        true
    }
}

impl Eq for Recalled {}

impl std::fmt::Debug for Recalled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("_")
    }
}

impl<'a> Record<'a> {
    /// How many fields are of the identity.
    pub(crate) const IDENTITY: usize = 19;

    /// The fields under `userIdentity`.
    pub(crate) fn of_identity(&mut self) -> [&mut Text<'a>; Record::IDENTITY] {
        [
            &mut self.identity_type,
            &mut self.principal_id,
            &mut self.arn,
            &mut self.account_id,
            &mut self.access_key_id,
            &mut self.user_name,
            &mut self.invoked_by,
            &mut self.identity_provider,
            &mut self.credential_id,
            &mut self.on_behalf_of,
            &mut self.creation_date,
            &mut self.mfa_authenticated,
            &mut self.issuer_type,
            &mut self.issuer_arn,
            &mut self.issuer_account,
            &mut self.issuer_name,
            &mut self.source_identity,
            &mut self.role_delivery,
            &mut self.federated_provider,
        ]
    }
}

/// A finding of GuardDuty or Security Hub: somebody else's judgement, noted beside the sessions it touches.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// When it was last seen, as the finding says.
    pub time: String,
    /// `GuardDuty` or `Security Hub`.
    pub source: String,
    /// For example `UnauthorizedAccess:IAMUser/ConsoleLoginSuccess.B`.
    pub kind: String,
    /// In words.
    pub title: String,
    /// As the finding says: 1 to 10 of GuardDuty, a word of Security Hub.
    pub severity: String,
    /// The account it is about.
    pub account: String,
    /// The user name, role or principal it is about.
    pub user: String,
    /// The access key it is about.
    pub key: String,
    /// The address the call came from.
    pub address: String,
    /// Its own ID.
    pub id: String,
    /// Where it stands: file, member, byte offset, length.
    pub place: [u64; 4],
}
