// Makes www/sample/sample.json.gz: 14 days of a small company that does not exist. `node tests/web/make-sample.mjs`; the same bytes every time.
//
// Eight identities: three people by SSO, an IAM user, a CI that deploys, an instance's role, a backup key, a Lambda role.
// Two stories are hidden in it: a key stolen from the backup and used from elsewhere, and passwords tried on many users
// from one address, until one fits. The addresses belong to public networks, so that countries and networks are found;
// the people, the account and what they do are made up.

import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
const START = Date.UTC(2026, 2, 2); // a Monday
const DAYS = 14;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

// A generator with a seed (mulberry32).
let seed = 20260302;
function random() {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const between = (from, to) => from + (to - from) * random();
const whole = (from, to) => Math.floor(between(from, to + 1));
const pick = (list) => list[Math.floor(random() * list.length)];
const hex = (n) => Array.from({ length: n }, () => '0123456789abcdef'[Math.floor(random() * 16)]).join('');
const base32 = (n) => Array.from({ length: n }, () => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Math.floor(random() * 32)]).join('');
const uuid = () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;

const CHROME_MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36';
const FIREFOX_LINUX = 'Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0';
const CHROME_WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36';
const CLI_MAC = 'aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/macos#24.5.0 md/arch#arm64 lang/python#3.13.4 md/pyimpl#CPython';
const CLI_LINUX = 'aws-cli/2.27.50 md/awscrt#0.26.1 ua/2.1 os/linux#6.8.0 md/arch#x86_64 lang/python#3.13.4 md/pyimpl#CPython';
const SDK_GO = 'APN/1.0 HashiCorp/1.0 Terraform/1.12.1 aws-sdk-go-v2/1.36.5 os/linux lang/go#1.24.4';
const BOTO = 'Boto3/1.38.40 md/Botocore#1.38.40 ua/2.1 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.2 md/pyimpl#CPython';
const BOTO_LAMBDA = 'Boto3/1.38.36 md/Botocore#1.38.36 ua/2.1 os/linux#5.10.239 md/arch#x86_64 lang/python#3.13.3 exec-env/AWS_Lambda_python3.13';
const BOTO_THIEF = 'Boto3/1.28.7 md/Botocore#1.31.7 ua/2.0 os/linux#6.6.9-kali1 md/arch#x86_64 lang/python#3.11.8 md/pyimpl#CPython';

const records = [];

/** IDs that count up: a made-up file need not carry randomness that cannot be compressed. */
const numbered = (first, n) => `${first}-5d1e-4c0a-a000-${n.toString(16).padStart(12, '0')}`;

/** One record. `what` is `service:Call`; the rest is laid over it. */
function event(time, what, who, address, agent, more = {}) {
  const [service, name] = what.split(':');
  records.push({
    eventVersion: '1.11',
    userIdentity: who,
    eventTime: new Date(Math.floor(time / 1000) * 1000).toISOString().replace('.000Z', 'Z'),
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: ['iam', 'cloudfront'].includes(service) ? 'us-east-1' : REGION,
    sourceIPAddress: address,
    userAgent: agent,
    requestParameters: null,
    responseElements: null,
    requestID: numbered('7d1c40b2', records.length + 1),
    eventID: numbered('0ddba11a', records.length + 1),
    readOnly: /^(Get|List|Describe|Head|Lookup)/.test(name),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    ...more,
  });
}

const denied = (what) => ({ errorCode: 'AccessDenied', errorMessage: `User is not authorized to perform: ${what}` });

/** An assumed role's identity. */
function assumed(role, session, key, created, id, mfa = 'false') {
  return {
    type: 'AssumedRole',
    principalId: `${id}:${session}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${session}`,
    accountId: ACCOUNT,
    accessKeyId: key,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: id,
        arn: `arn:aws:iam::${ACCOUNT}:role/${role.startsWith('AWSReservedSSO') ? `aws-reserved/sso.amazonaws.com/${REGION}/` : ''}${role}`,
        accountId: ACCOUNT,
        userName: role,
      },
      attributes: { creationDate: new Date(Math.floor(created / 1000) * 1000).toISOString().replace('.000Z', 'Z'), mfaAuthenticated: mfa },
    },
  };
}

const user = (name, id, key) => ({ type: 'IAMUser', principalId: id, arn: `arn:aws:iam::${ACCOUNT}:user/${name}`, accountId: ACCOUNT, accessKeyId: key, userName: name });

/** A console login by password. */
function consoleLogin(time, name, id, address, agent, mfa, failed = false) {
  const who = { type: 'IAMUser', principalId: id, accountId: ACCOUNT, accessKeyId: '', userName: name };
  if (!failed) who.arn = `arn:aws:iam::${ACCOUNT}:user/${name}`;
  event(time, 'signin:ConsoleLogin', who, address, agent, {
    ...(failed ? { errorMessage: 'Failed authentication' } : {}),
    awsRegion: REGION,
    readOnly: false,
    eventType: 'AwsConsoleSignIn',
    responseElements: { ConsoleLogin: failed ? 'Failure' : 'Success' },
    additionalEventData: { LoginTo: `https://console.aws.amazon.com/console/home?region=${REGION}`, MobileVersion: 'No', MFAUsed: mfa ? 'Yes' : 'No' },
  });
}

const monday = (day) => day % 7;
const workday = (day) => monday(day) < 5;
const DEVELOPER = 'AWSReservedSSO_Developer_3f8a1c22b7d94e10';
const ADMIN = 'AWSReservedSSO_Admin_9b0e4477aa12c3d5';

// People by SSO: a role each time through IAM Identity Center, then the console or the terminal.
const people = [
  { name: 'mira.lindt@example.com', role: DEVELOPER, id: 'AROAEXAMPLEDEVELOPER1', home: ['79.192.14.80', '79.192.14.80', '80.187.96.14'], agents: [CHROME_MAC, CLI_MAC], from: 8, to: 17,
    calls: ['ec2:DescribeInstances', 'logs:GetQueryResults', 'logs:StartQuery', 'lambda:ListFunctions20150331', 'lambda:GetFunction20150331v2', 's3:ListBuckets', 'cloudwatch:DescribeAlarms', 'dynamodb:DescribeTable'] },
  { name: 'tom.okoro@example.com', role: DEVELOPER, id: 'AROAEXAMPLEDEVELOPER1', home: ['86.128.44.21', '86.128.44.21', '86.128.44.21'], agents: [FIREFOX_LINUX, CLI_LINUX], from: 9, to: 18,
    calls: ['ecs:DescribeServices', 'ecs:ListTasks', 'ecr:DescribeRepositories', 'logs:FilterLogEvents', 'ec2:DescribeInstances', 'ecs:UpdateService', 'cloudwatch:GetMetricData'] },
  { name: 'ines.roca@example.com', role: ADMIN, id: 'AROAEXAMPLEADMIN00001', home: ['88.0.120.9', '88.0.120.9', '88.0.121.77'], agents: [CHROME_WINDOWS, CHROME_WINDOWS], from: 7, to: 16,
    calls: ['iam:ListUsers', 'iam:ListRoles', 'cloudtrail:LookupEvents', 'cloudtrail:DescribeTrails', 'organizations:ListAccounts', 'ce:GetCostAndUsage', 'iam:GetRole', 'ec2:DescribeSecurityGroups'] },
];

function sso(person, time, length, calls, address = pick(person.home), agent = pick(person.agents)) {
  const key = `ASIA${base32(16)}`;
  event(time - 2000, 'sts:AssumeRoleWithSAML', {
    type: 'SAMLUser', principalId: `examplesaml:${person.name}`, userName: person.name, identityProvider: 'examplesaml',
  }, address, agent, {
    requestParameters: { sAMLAssertionID: `_${uuid()}`, roleSessionName: person.name, durationSeconds: 28800, roleArn: `arn:aws:iam::${ACCOUNT}:role/aws-reserved/sso.amazonaws.com/${REGION}/${person.role}`, principalArn: `arn:aws:iam::${ACCOUNT}:saml-provider/AWSSSO_EXAMPLE_DO_NOT_DELETE` },
    responseElements: { credentials: { accessKeyId: key, expiration: 'Mar 30, 2026, 6:00:00 PM' }, assumedRoleUser: { assumedRoleId: `${person.id}:${person.name}`, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${person.role}/${person.name}` } },
  });
  const who = assumed(person.role, person.name, key, time, person.id);
  const steps = Array.from({ length: calls }, () => between(0, length)).sort((a, b) => a - b);
  for (const step of steps) {
    const call = pick(person.calls);
    event(time + step, call, who, address, agent, random() < 0.01 ? denied(call) : {});
  }
}

for (let day = 0; day < DAYS; day++) {
  if (!workday(day)) continue;
  for (const person of people) {
    if (random() < 0.07) continue; // a day off
    const begin = START + day * DAY + person.from * HOUR + between(0, 70) * MINUTE;
    const address = pick(person.home);
    sso(person, begin, 24 * MINUTE, whole(10, 22), address, person.agents[0]);
    sso(person, begin + between(3, 4) * HOUR, 26 * MINUTE, whole(8, 20), address, person.agents[1]);
    if (random() < 0.5) sso(person, begin + between(6, 8) * HOUR, 20 * MINUTE, whole(6, 16), address, person.agents[0]);
  }
}

// An IAM user who looks after the accounts, by password with MFA.
const CARLA = { id: 'AIDAEXAMPLECARLA00001', address: '2.96.8.140' };
for (let day = 0; day < DAYS; day++) {
  if (!workday(day) || random() < 0.2) continue;
  const time = START + day * DAY + between(8.5, 10) * HOUR;
  if (random() < 0.15) consoleLogin(time - MINUTE, 'carla.diaz', CARLA.id, CARLA.address, CHROME_WINDOWS, false, true);
  consoleLogin(time, 'carla.diaz', CARLA.id, CARLA.address, CHROME_WINDOWS, true);
  const who = { ...user('carla.diaz', CARLA.id, `ASIA${base32(16)}`), sessionContext: { attributes: { creationDate: new Date(Math.floor(time / 1000) * 1000).toISOString().replace('.000Z', 'Z'), mfaAuthenticated: 'true' } } };
  for (let i = 0, at = time; i < whole(4, 9); i++) {
    at += between(0.5, 4) * MINUTE;
    event(at, pick(['ce:GetCostAndUsage', 'budgets:ViewBudget', 'health:DescribeEventAggregates', 's3:ListBuckets', 'ec2:DescribeRegions', 'support:DescribeCases']), who, CARLA.address, CHROME_WINDOWS);
  }
}

// A CI that deploys by web identity, from the runners of a public cloud.
const RUNNERS = ['20.109.36.12', '20.109.36.87', '20.171.40.5', '172.183.20.6'];
for (let day = 0; day < DAYS; day++) {
  const runs = workday(day) ? whole(4, 7) : whole(0, 1);
  for (let run = 0; run < runs; run++) {
    const time = START + day * DAY + between(7, 19) * HOUR;
    const address = pick(RUNNERS);
    const key = `ASIA${base32(16)}`;
    const session = 'GitHubActions';
    event(time - 1000, 'sts:AssumeRoleWithWebIdentity', {
      type: 'WebIdentityUser', principalId: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com:sts.amazonaws.com:repo:example/shop:ref:refs/heads/main`,
      userName: 'repo:example/shop:ref:refs/heads/main', identityProvider: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com`,
    }, address, SDK_GO, {
      requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/deploy`, roleSessionName: session, durationSeconds: 3600 },
      responseElements: { credentials: { accessKeyId: key, expiration: 'Mar 30, 2026, 6:00:00 PM' }, assumedRoleUser: { assumedRoleId: `AROAEXAMPLEDEPLOY0001:${session}`, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/${session}` } },
    });
    const who = assumed('deploy', session, key, time, 'AROAEXAMPLEDEPLOY0001');
    for (const call of ['ecr:GetAuthorizationToken', 'ecr:BatchCheckLayerAvailability', 'ecr:PutImage', 'ecs:DescribeTaskDefinition', 'ecs:RegisterTaskDefinition', 'ecs:UpdateService', 'ecs:DescribeServices', 'ecs:DescribeServices'].slice(0, whole(6, 8))) {
      event(time + between(0, 5) * MINUTE, call, who, address, SDK_GO);
    }
  }
}

// An instance's role, every two hours from inside; a Lambda role, every four.
const INSTANCE = 'i-0a1b2c3d4e5f60718';
for (let hour = 0; hour < DAYS * 24; hour += 2) {
  const time = START + hour * HOUR + between(0, 5) * MINUTE;
  const who = assumed('web-server', INSTANCE, `ASIA${base32(16)}`, time - HOUR, 'AROAEXAMPLEWEBSERVER1');
  for (let i = 0; i < 5; i++) event(time + i * between(5, 40) * 1000, pick(['ssm:UpdateInstanceInformation', 'secretsmanager:GetSecretValue', 's3:ListBuckets', 'ssm:ListInstanceAssociations']), who, '3.120.181.40', BOTO);
}
for (let hour = 1; hour < DAYS * 24; hour += 4) {
  const time = START + hour * HOUR + between(0, 2) * MINUTE;
  const who = assumed('thumbnails', 'thumbnails', `ASIA${base32(16)}`, time, 'AROAEXAMPLETHUMBNAIL1');
  for (let i = 0; i < 4; i++) event(time + i * 1500, pick(['dynamodb:DescribeTable', 'logs:CreateLogStream', 's3:GetBucketLocation']), who, '18.197.22.105', BOTO_LAMBDA);
}

// The backup: a long-lived key, every night from the office's server.
const BACKUP = user('backup', 'AIDAEXAMPLEBACKUP0001', 'AKIAIOSFODNN7EXAMPLE');
for (let day = 0; day < DAYS; day++) {
  let time = START + day * DAY + 2 * HOUR + between(0, 8) * MINUTE;
  for (const call of ['sts:GetCallerIdentity', 's3:ListBuckets', 's3:GetBucketLocation', 's3:GetBucketVersioning', 's3:ListBuckets', 'rds:DescribeDBSnapshots', 'rds:CopyDBSnapshot', 'rds:DescribeDBSnapshots', 'rds:DescribeDBSnapshots', 's3:GetBucketLocation']) {
    event((time += between(10, 90) * 1000), call, BACKUP, '91.64.20.33', CLI_LINUX);
  }
}

// Story one, day 10 at 23:14: the backup's key is used from elsewhere, by another client, to look around and to stay.
{
  let time = START + 10 * DAY + 23 * HOUR + 14 * MINUTE;
  const address = '185.220.101.34';
  const step = (call, more = {}) => event((time += between(4, 45) * 1000), call, BACKUP, address, BOTO_THIEF, more);
  step('sts:GetCallerIdentity');
  for (const call of ['iam:ListUsers', 'iam:ListAttachedUserPolicies', 'iam:GetAccountAuthorizationDetails', 'organizations:DescribeOrganization', 'ses:GetSendQuota', 'secretsmanager:ListSecrets', 'iam:ListRoles']) step(call, denied(call));
  step('s3:ListBuckets');
  for (let i = 0; i < 6; i++) step('s3:GetBucketAcl', { requestParameters: { bucketName: `example-shop-${['logs', 'backups', 'assets', 'exports', 'static', 'mail'][i]}` } });
  step('rds:DescribeDBSnapshots');
  step('rds:ModifyDBSnapshotAttribute', { requestParameters: { dBSnapshotIdentifier: 'shop-2026-03-12', attributeName: 'restore', valuesToAdd: ['210987654321'] } });
  step('iam:CreateUser', { requestParameters: { userName: 'support-sync' }, responseElements: { user: { userName: 'support-sync', userId: 'AIDAEXAMPLESUPPORT001', arn: `arn:aws:iam::${ACCOUNT}:user/support-sync`, path: '/' } } });
  step('iam:CreateAccessKey', { requestParameters: { userName: 'support-sync' }, responseElements: { accessKey: { userName: 'support-sync', accessKeyId: 'AKIAI44QH8DHBEXAMPLE', status: 'Active' } } });
  step('iam:AttachUserPolicy', { requestParameters: { userName: 'support-sync', policyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' } });
  step('cloudtrail:StopLogging', { ...denied('cloudtrail:StopLogging'), requestParameters: { name: 'main' } });
}

// Story two, day 8 at 21:40: one address tries a password on many users, until one fits, without MFA.
{
  let time = START + 8 * DAY + 21 * HOUR + 40 * MINUTE;
  const address = '41.58.10.17';
  const tried = ['admin', 'backup', 'billing', 'carla.diaz', 'dev', 'deploy', 'finance', 'ines.roca', 'it', 'jenkins', 'mira.lindt', 'ops', 'root-admin', 'sales', 'support', 'terraform', 'test', 'tom.okoro'];
  for (const name of tried) {
    consoleLogin((time += between(40, 130) * 1000), ['backup', 'carla.diaz'].includes(name) ? name : 'HIDDEN_DUE_TO_SECURITY_REASONS', ['backup', 'carla.diaz'].includes(name) ? CARLA.id : '', address, FIREFOX_LINUX, false, true);
  }
  consoleLogin((time += 90_000), 'carla.diaz', CARLA.id, address, FIREFOX_LINUX, false);
  const who = { ...user('carla.diaz', CARLA.id, `ASIA${base32(16)}`), sessionContext: { attributes: { creationDate: new Date(Math.floor(time / 1000) * 1000).toISOString().replace('.000Z', 'Z'), mfaAuthenticated: 'false' } } };
  for (const call of ['ec2:DescribeRegions', 'iam:ListUsers', 'iam:ListMFADevices', 'iam:GetAccountSummary', 'iam:ListAccessKeys', 'secretsmanager:ListSecrets', 'ec2:DescribeInstances', 'bedrock:ListFoundationModels']) {
    event((time += between(8, 40) * 1000), call, who, address, FIREFOX_LINUX, call.startsWith('secrets') ? denied(call) : {});
  }
  event((time += 20_000), 'iam:CreateAccessKey', who, address, FIREFOX_LINUX, { requestParameters: { userName: 'carla.diaz' }, responseElements: { accessKey: { userName: 'carla.diaz', accessKeyId: 'AKIAEXAMPLECARLA0002', status: 'Active' } } });
}

records.sort((a, b) => (a.eventTime < b.eventTime ? -1 : a.eventTime > b.eventTime ? 1 : a.eventID < b.eventID ? -1 : 1));
const packed = gzipSync(JSON.stringify({ Records: records }), { level: 9 });
packed[9] = 255; // the operating system's byte, so that every system writes the same file
writeFileSync(new URL('../../www/sample/sample.json.gz', import.meta.url), packed);
console.log(`${records.length} records, ${packed.length} bytes`);
