//! What can be called, and in which company: CALLS (one row a call), PAGES (what one click in the console calls),
//! decks of calls for machines and intruders.
//!
//! To add a call: a row of CALLS. Its request and response are JSON in which `$bucket`, `$role` … stand for something the
//! account has (`fill` in trail.rs lists them). To add a page: a row of PAGES naming calls; the jobs that open it are
//! letters (see [`super::people::Job`]).

use std::collections::BTreeMap;

/// Whether a call reads or writes, and whether it is a data event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Read,
    Write,
    DataRead,
    DataWrite,
}
use Sort::{DataRead as D, DataWrite as P, Read as R, Write as W};

/// One call.
pub(super) struct Call {
    /// The service as in `eventSource`, without `.amazonaws.com`.
    pub service: &'static str,
    pub name: &'static str,
    pub sort: Sort,
    /// `requestParameters`; empty is null.
    pub request: &'static str,
    /// `responseElements`; empty is null.
    pub response: &'static str,
}

const fn call(service: &'static str, name: &'static str, sort: Sort, request: &'static str, response: &'static str) -> Call {
    Call { service, name, sort, request, response }
}

const S3: &str = r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com"}"#;
const OBJECT: &str = r#"{"bucketName":"$bucket","Host":"$bucket.s3.$region.amazonaws.com","key":"$key"}"#;
const ROLE: &str = r#"{"roleName":"$role"}"#;
const USER: &str = r#"{"userName":"$user"}"#;
const ITEMS: &str = r#"{"instancesSet":{},"filterSet":{}}"#;
const FILTER: &str = r#"{"filterSet":{}}"#;

/// Every call there is.
pub(super) const CALLS: &[Call] = &[
    // Sign-in and tokens; their details are filled in by hand (signin.rs).
    call("signin", "ConsoleLogin", W, "", ""),
    call("signin", "CheckMfa", W, "", ""),
    call("signin", "SwitchRole", W, "", ""),
    call("signin", "GetSigninToken", W, "", ""),
    call("signin", "CredentialChallenge", W, "", ""),
    call("signin", "CredentialVerification", W, "", ""),
    call("signin", "UserAuthentication", W, "", ""),
    call("signin", "PasswordRecoveryRequested", W, "", ""),
    call("signin", "PasswordRecoveryCompleted", W, "", ""),
    call("sso", "Authenticate", W, "", ""),
    call("sso", "Federate", W, "", ""),
    call("sso", "ListAccounts", R, "", ""),
    call("sso", "GetRoleCredentials", R, "", ""),
    call("sts", "AssumeRole", R, "", ""),
    call("sts", "AssumeRoleWithSAML", R, "", ""),
    call("sts", "AssumeRoleWithWebIdentity", R, "", ""),
    call("sts", "GetSessionToken", R, "", ""),
    call("sts", "GetFederationToken", R, "", ""),
    call("sts", "GetCallerIdentity", R, "", ""),
    // EC2
    call("ec2", "DescribeInstances", R, ITEMS, ""),
    call("ec2", "DescribeInstanceStatus", R, r#"{"instancesSet":{},"filterSet":{},"includeAllInstances":true}"#, ""),
    call("ec2", "DescribeRegions", R, r#"{"regionSet":{},"allRegions":true}"#, ""),
    call("ec2", "DescribeVolumes", R, r#"{"volumeSet":{},"filterSet":{}}"#, ""),
    call("ec2", "DescribeSnapshots", R, r#"{"maxResults":1000,"snapshotSet":{},"ownersSet":{"items":[{"owner":"self"}]},"sharedUsersSet":{},"filterSet":{}}"#, ""),
    call("ec2", "DescribeImages", R, r#"{"executableBySet":{},"imagesSet":{"items":[{"imageId":"$ami"}]},"ownersSet":{},"filterSet":{}}"#, ""),
    call("ec2", "DescribeSecurityGroups", R, r#"{"securityGroupSet":{},"securityGroupIdSet":{},"filterSet":{},"maxResults":1000}"#, ""),
    call("ec2", "DescribeVpcs", R, r#"{"vpcSet":{},"filterSet":{}}"#, ""),
    call("ec2", "DescribeSubnets", R, r#"{"subnetSet":{},"filterSet":{}}"#, ""),
    call("ec2", "DescribeAddresses", R, r#"{"publicIpsSet":{},"filterSet":{},"allocationIdsSet":{}}"#, ""),
    call("ec2", "DescribeKeyPairs", R, r#"{"keySet":{},"filterSet":{}}"#, ""),
    call("ec2", "DescribeTags", R, FILTER, ""),
    call("ec2", "DescribeNetworkInterfaces", R, r#"{"networkInterfaceIdSet":{},"filterSet":{}}"#, ""),
    call("ec2", "DescribeAvailabilityZones", R, r#"{"availabilityZoneSet":{},"availabilityZoneIdSet":{}}"#, ""),
    call("ec2", "DescribeAccountAttributes", R, r#"{"accountAttributeNameSet":{"items":[{"attributeName":"supported-platforms"}]},"filterSet":{}}"#, ""),
    call("ec2", "DescribeInstanceTypes", R, r#"{"DescribeInstanceTypesRequest":{"MaxResults":100}}"#, ""),
    call("ec2", "DescribeLaunchTemplates", R, r#"{"DescribeLaunchTemplatesRequest":{"MaxResults":200}}"#, ""),
    call("ec2", "DescribeFlowLogs", R, r#"{"DescribeFlowLogsRequest":""}"#, ""),
    call("ec2", "GetPasswordData", R, r#"{"instanceId":"$inst"}"#, ""),
    call("ec2", "GetConsoleOutput", R, r#"{"instanceId":"$inst"}"#, ""),
    call("ec2", "RunInstances", W, r#"{"instancesSet":{"items":[{"imageId":"$ami","minCount":1,"maxCount":1}]},"instanceType":"m5.large","blockDeviceMapping":{},"monitoring":{"enabled":false},"disableApiTermination":false,"subnetId":"$subnet"}"#, r#"{"requestId":"$uuid","reservationId":"r-0$hex","ownerId":"$acct","groupSet":{},"instancesSet":{"items":[{"instanceId":"$inst","imageId":"$ami","instanceState":{"code":0,"name":"pending"},"instanceType":"m5.large"}]}}"#),
    call("ec2", "RequestSpotInstances", W, r#"{"requestSpotInstancesRequest":{"instanceCount":8,"launchSpecification":{"imageId":"$ami","instanceType":"g5.12xlarge"}}}"#, r#"{"requestId":"$uuid"}"#),
    call("ec2", "StartInstances", W, r#"{"instancesSet":{"items":[{"instanceId":"$inst"}]}}"#, r#"{"requestId":"$uuid","instancesSet":{"items":[{"instanceId":"$inst","currentState":{"code":0,"name":"pending"},"previousState":{"code":80,"name":"stopped"}}]}}"#),
    call("ec2", "StopInstances", W, r#"{"instancesSet":{"items":[{"instanceId":"$inst"}]},"force":false}"#, r#"{"requestId":"$uuid","instancesSet":{"items":[{"instanceId":"$inst","currentState":{"code":64,"name":"stopping"},"previousState":{"code":16,"name":"running"}}]}}"#),
    call("ec2", "TerminateInstances", W, r#"{"instancesSet":{"items":[{"instanceId":"$inst"}]}}"#, r#"{"requestId":"$uuid","instancesSet":{"items":[{"instanceId":"$inst","currentState":{"code":32,"name":"shutting-down"},"previousState":{"code":16,"name":"running"}}]}}"#),
    call("ec2", "ModifyInstanceAttribute", W, r#"{"instanceId":"$inst","instanceType":{"value":"m6i.large"}}"#, r#"{"requestId":"$uuid","_return":true}"#),
    call("ec2", "CreateTags", W, r#"{"resourcesSet":{"items":[{"resourceId":"$inst"}]},"tagSet":{"items":[{"key":"Name","value":"$func"}]}}"#, r#"{"requestId":"$uuid","_return":true}"#),
    call("ec2", "CreateSecurityGroup", W, r#"{"groupName":"$func","groupDescription":"$func","vpcId":"$vpc"}"#, r#"{"requestId":"$uuid","_return":true,"groupId":"$sg"}"#),
    call("ec2", "DeleteSecurityGroup", W, r#"{"groupId":"$sg"}"#, r#"{"requestId":"$uuid","_return":true}"#),
    call("ec2", "AuthorizeSecurityGroupIngress", W, r#"{"groupId":"$sg","ipPermissions":{"items":[{"ipProtocol":"tcp","fromPort":$port,"toPort":$port,"groups":{},"ipRanges":{"items":[{"cidrIp":"0.0.0.0/0"}]},"ipv6Ranges":{},"prefixListIds":{}}]}}"#, r#"{"requestId":"$uuid","_return":true,"securityGroupRuleSet":{"items":[{"groupOwnerId":"$acct","groupId":"$sg","securityGroupRuleId":"sgr-0$hex","isEgress":false,"ipProtocol":"tcp","fromPort":$port,"toPort":$port,"cidrIpv4":"0.0.0.0/0"}]}}"#),
    call("ec2", "RevokeSecurityGroupIngress", W, r#"{"groupId":"$sg","securityGroupRuleIds":{"items":[{"securityGroupRuleId":"sgr-0$hex"}]}}"#, r#"{"requestId":"$uuid","_return":true}"#),
    call("ec2", "CreateSnapshot", W, r#"{"volumeId":"$vol","description":"$func"}"#, r#"{"requestId":"$uuid","snapshotId":"$snap","volumeId":"$vol","status":"pending","ownerId":"$acct","volumeSize":"100"}"#),
    call("ec2", "DeleteSnapshot", W, r#"{"snapshotId":"$snap"}"#, r#"{"requestId":"$uuid","_return":true}"#),
    call("ec2", "ModifySnapshotAttribute", W, r#"{"snapshotId":"$snap","createVolumePermission":{"add":{"items":[{"userId":"$peer"}]}},"attributeType":"CREATE_VOLUME_PERMISSION"}"#, r#"{"requestId":"$uuid","_return":true}"#),
    call("ec2", "ModifyImageAttribute", W, r#"{"imageId":"$ami","launchPermission":{"add":{"items":[{"userId":"$peer"}]}},"attributeType":"launchPermission"}"#, r#"{"requestId":"$uuid","_return":true}"#),
    call("ec2", "DeleteVolume", W, r#"{"volumeId":"$vol"}"#, r#"{"requestId":"$uuid","_return":true}"#),
    call("ec2", "AttachVolume", W, r#"{"volumeId":"$vol","instanceId":"$inst","device":"/dev/xvdba"}"#, r#"{"requestId":"$uuid","volumeId":"$vol","instanceId":"$inst","device":"/dev/xvdba","status":"attaching"}"#),
    call("ec2", "DeleteFlowLogs", W, r#"{"DeleteFlowLogsRequest":{"FlowLogId":{"tag":1,"content":"fl-0$hex"}}}"#, r#"{"DeleteFlowLogsResponse":{"unsuccessful":"","requestId":"$uuid"}}"#),
    call("ec2", "ImportKeyPair", W, r#"{"keyName":"$func"}"#, r#"{"requestId":"$uuid","keyName":"$func","keyPairId":"key-0$hex"}"#),
    call("ec2", "CreateKeyPair", W, r#"{"keyName":"$func","keyType":"rsa","keyFormat":"pem"}"#, r#"{"requestId":"$uuid","keyName":"$func","keyPairId":"key-0$hex","keyMaterial":"<sensitiveDataRemoved>"}"#),
    call("ec2-instance-connect", "SendSSHPublicKey", W, r#"{"instanceId":"$inst","instanceOSUser":"ec2-user","sSHPublicKey":"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI$hex"}"#, r#"{"requestId":"$uuid","success":true}"#),
    // Other management services
    call("elasticloadbalancing", "DescribeLoadBalancers", R, r#"{"pageSize":400}"#, ""),
    call("elasticloadbalancing", "DescribeTargetGroups", R, r#"{"pageSize":400}"#, ""),
    call("elasticloadbalancing", "DescribeTargetHealth", R, r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:$region:$acct:targetgroup/$func/$hex"}"#, ""),
    call("elasticloadbalancing", "RegisterTargets", W, r#"{"targetGroupArn":"arn:aws:elasticloadbalancing:$region:$acct:targetgroup/$func/$hex","targets":[{"id":"$inst"}]}"#, ""),
    call("autoscaling", "DescribeAutoScalingGroups", R, r#"{"maxRecords":100}"#, ""),
    call("autoscaling", "SetDesiredCapacity", W, r#"{"autoScalingGroupName":"$func","desiredCapacity":$small}"#, ""),
    call("autoscaling", "CompleteLifecycleAction", W, r#"{"autoScalingGroupName":"$func","lifecycleActionResult":"CONTINUE","instanceId":"$inst"}"#, ""),
    call("monitoring", "GetMetricData", R, r#"{"startTime":"$day0","endTime":"$now","metricDataQueries":[{"id":"m1"}]}"#, ""),
    call("monitoring", "ListMetrics", R, r#"{"namespace":"AWS/EC2"}"#, ""),
    call("monitoring", "DescribeAlarms", R, r#"{"maxRecords":100}"#, ""),
    call("monitoring", "DescribeAlarmHistory", R, r#"{"maxRecords":100}"#, ""),
    call("monitoring", "ListDashboards", R, "", ""),
    call("monitoring", "PutMetricAlarm", W, r#"{"alarmName":"$func-errors","namespace":"AWS/Lambda","threshold":$small}"#, ""),
    call("logs", "DescribeLogGroups", R, r#"{"limit":50}"#, ""),
    call("logs", "DescribeLogStreams", R, r#"{"logGroupName":"$log","orderBy":"LastEventTime","descending":true}"#, ""),
    call("logs", "GetLogEvents", R, r#"{"logGroupName":"$log","logStreamName":"$hex","limit":100}"#, ""),
    call("logs", "FilterLogEvents", R, r#"{"logGroupName":"$log","interleaved":true,"limit":100}"#, ""),
    call("logs", "StartQuery", R, r#"{"logGroupNames":["$log"],"queryString":"fields @timestamp, @message | sort @timestamp desc | limit 200"}"#, r#"{"queryId":"$uuid"}"#),
    call("logs", "GetQueryResults", R, r#"{"queryId":"$uuid"}"#, ""),
    call("logs", "CreateLogStream", W, r#"{"logGroupName":"$log","logStreamName":"$date/[$LATEST]$hex"}"#, ""),
    call("logs", "CreateLogGroup", W, r#"{"logGroupName":"$log"}"#, ""),
    call("logs", "DeleteLogGroup", W, r#"{"logGroupName":"$log"}"#, ""),
    call("logs", "PutRetentionPolicy", W, r#"{"logGroupName":"$log","retentionInDays":30}"#, ""),
    call("health", "DescribeEventAggregates", R, r#"{"aggregateField":"eventTypeCategory","filter":{"eventStatusCodes":["open","upcoming"]}}"#, ""),
    call("notifications", "ListNotificationHubs", R, "", ""),
    call("servicecatalog-appregistry", "ListApplications", R, r#"{"maxResults":100}"#, ""),
    call("compute-optimizer", "GetEnrollmentStatus", R, r#"{}"#, ""),
    call("tagging", "GetResources", R, r#"{"resourcesPerPage":100}"#, ""),
    call("cloudformation", "ListStacks", R, r#"{"stackStatusFilter":["CREATE_COMPLETE","UPDATE_COMPLETE"]}"#, ""),
    call("cloudformation", "DescribeStacks", R, r#"{"stackName":"$stack"}"#, ""),
    call("cloudformation", "DescribeStackEvents", R, r#"{"stackName":"$stack"}"#, ""),
    call("cloudformation", "CreateChangeSet", W, r#"{"stackName":"$stack","changeSetName":"cs-$hex","capabilities":["CAPABILITY_IAM"]}"#, r#"{"id":"arn:aws:cloudformation:$region:$acct:changeSet/cs-$hex/$uuid"}"#),
    call("cloudformation", "ExecuteChangeSet", W, r#"{"stackName":"$stack","changeSetName":"cs-$hex"}"#, ""),
    call("cloudformation", "DeleteStack", W, r#"{"stackName":"$stack"}"#, ""),
    call("ecs", "ListClusters", R, "", ""),
    call("ecs", "ListTasks", R, r#"{"cluster":"$cluster"}"#, ""),
    call("ecs", "DescribeServices", R, r#"{"cluster":"$cluster","services":["$func"]}"#, ""),
    call("ecs", "DescribeTasks", R, r#"{"cluster":"$cluster","tasks":["$hex"]}"#, ""),
    call("ecs", "UpdateService", W, r#"{"cluster":"$cluster","service":"$func","forceNewDeployment":true}"#, r#"{"service":{"serviceName":"$func","status":"ACTIVE"}}"#),
    call("ecs", "RegisterTaskDefinition", W, r#"{"family":"$func","networkMode":"awsvpc"}"#, r#"{"taskDefinition":{"family":"$func","status":"ACTIVE"}}"#),
    call("ecs", "RunTask", W, r#"{"cluster":"$cluster","taskDefinition":"$func"}"#, r#"{"tasks":[{"taskArn":"arn:aws:ecs:$region:$acct:task/$cluster/$hex"}]}"#),
    call("eks", "ListClusters", R, r#"{"maxResults":100}"#, ""),
    call("eks", "DescribeCluster", R, r#"{"name":"$cluster"}"#, ""),
    call("eks", "ListNodegroups", R, r#"{"name":"$cluster"}"#, ""),
    call("eks", "AccessKubernetesApi", R, r#"{"name":"$cluster"}"#, ""),
    call("ecr", "GetAuthorizationToken", R, "", ""),
    call("ecr", "BatchGetImage", R, r#"{"registryId":"$acct","repositoryName":"$repo","imageIds":[{"imageTag":"latest"}]}"#, ""),
    call("ecr", "DescribeRepositories", R, r#"{"maxResults":100}"#, ""),
    call("ecr", "ListImages", R, r#"{"repositoryName":"$repo"}"#, ""),
    call("ecr", "InitiateLayerUpload", W, r#"{"registryId":"$acct","repositoryName":"$repo"}"#, ""),
    call("ecr", "PutImage", W, r#"{"registryId":"$acct","repositoryName":"$repo","imageTag":"$hex"}"#, r#"{"image":{"registryId":"$acct","repositoryName":"$repo"}}"#),
    call("lambda", "ListFunctions20150331", R, r#"{"maxItems":50}"#, ""),
    call("lambda", "GetFunction20150331v2", R, r#"{"functionName":"$func"}"#, ""),
    call("lambda", "GetFunctionConfiguration20150331v2", R, r#"{"functionName":"$func"}"#, ""),
    call("lambda", "GetPolicy20150331v2", R, r#"{"functionName":"$func"}"#, ""),
    call("lambda", "GetAccountSettings20160819", R, "", ""),
    call("lambda", "UpdateFunctionCode20150331v2", W, r#"{"functionName":"$func","publish":false,"dryRun":false}"#, r#"{"functionName":"$func","runtime":"python3.12","role":"arn:aws:iam::$acct:role/$role","codeSize":$big,"version":"$LATEST","state":"Active"}"#),
    call("lambda", "UpdateFunctionConfiguration20150331v2", W, r#"{"functionName":"$func","environment":{},"timeout":$small}"#, r#"{"functionName":"$func","role":"arn:aws:iam::$acct:role/$role","version":"$LATEST"}"#),
    call("lambda", "CreateFunction20150331", W, r#"{"functionName":"$func","runtime":"python3.12","role":"arn:aws:iam::$acct:role/$role","handler":"app.handler","publish":false}"#, r#"{"functionName":"$func","version":"$LATEST","state":"Pending"}"#),
    call("lambda", "AddPermission20150331v2", W, r#"{"functionName":"$func","statementId":"$hex","action":"lambda:InvokeFunction","principal":"apigateway.amazonaws.com"}"#, r#"{"statement":"{\"Sid\":\"$hex\",\"Effect\":\"Allow\"}"}"#),
    call("lambda", "PublishLayerVersion20181031", W, r#"{"layerName":"$func","compatibleRuntimes":["python3.12"]}"#, r#"{"layerArn":"arn:aws:lambda:$region:$acct:layer:$func","version":1}"#),
    call("apigateway", "GetRestApis", R, "", ""),
    call("apigateway", "CreateDeployment", W, r#"{"restApiId":"$hex","createDeploymentInput":{"stageName":"live"}}"#, r#"{"id":"$hex"}"#),
    call("rds", "DescribeDBInstances", R, "", ""),
    call("rds", "DescribeDBClusters", R, "", ""),
    call("rds", "DescribeDBSnapshots", R, r#"{"snapshotType":"manual"}"#, ""),
    call("rds", "DescribeEvents", R, r#"{"duration":1440}"#, ""),
    call("rds", "ModifyDBInstance", W, r#"{"dBInstanceIdentifier":"$db","applyImmediately":true}"#, r#"{"dBInstanceIdentifier":"$db","dBInstanceStatus":"available"}"#),
    call("rds", "CreateDBSnapshot", W, r#"{"dBInstanceIdentifier":"$db","dBSnapshotIdentifier":"$db-$hex"}"#, r#"{"dBSnapshotIdentifier":"$db-$hex","dBInstanceIdentifier":"$db","status":"creating"}"#),
    call("rds", "DeleteDBSnapshot", W, r#"{"dBSnapshotIdentifier":"$db-$hex"}"#, r#"{"dBSnapshotIdentifier":"$db-$hex","status":"deleted"}"#),
    call("rds", "ModifyDBSnapshotAttribute", W, r#"{"dBSnapshotIdentifier":"$db-$hex","attributeName":"restore","valuesToAdd":["$peer"]}"#, r#"{"dBSnapshotIdentifier":"$db-$hex"}"#),
    call("pi", "GetResourceMetrics", R, r#"{"serviceType":"RDS","identifier":"db-$hex"}"#, ""),
    call("dynamodb", "ListTables", R, r#"{"limit":100}"#, ""),
    call("dynamodb", "DescribeTable", R, r#"{"tableName":"$table"}"#, ""),
    call("dynamodb", "DescribeContinuousBackups", R, r#"{"tableName":"$table"}"#, ""),
    call("dynamodb", "UpdateTable", W, r#"{"tableName":"$table","provisionedThroughput":{"readCapacityUnits":$small,"writeCapacityUnits":$small}}"#, r#"{"tableDescription":{"tableName":"$table","tableStatus":"UPDATING"}}"#),
    call("dynamodb", "GetItem", D, r#"{"tableName":"$table","key":{"id":"$uuid"}}"#, ""),
    call("dynamodb", "PutItem", P, r#"{"tableName":"$table","key":{"id":"$uuid"}}"#, ""),
    call("dynamodb", "Query", D, r#"{"tableName":"$table","indexName":"by-date"}"#, ""),
    call("dynamodb", "Scan", D, r#"{"tableName":"$table"}"#, ""),
    call("sqs", "ListQueues", R, r#"{"maxResults":1000}"#, ""),
    call("sqs", "GetQueueAttributes", R, r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$acct/$queue","attributeNames":["All"]}"#, ""),
    call("sqs", "ReceiveMessage", D, r#"{"queueUrl":"https://sqs.$region.amazonaws.com/$acct/$queue","maxNumberOfMessages":10}"#, ""),
    call("sns", "ListTopics", R, "", ""),
    call("sns", "Publish", P, r#"{"topicArn":"arn:aws:sns:$region:$acct:$topic"}"#, ""),
    call("kms", "Decrypt", R, r#"{"encryptionAlgorithm":"SYMMETRIC_DEFAULT","keyId":"arn:aws:kms:$region:$acct:key/$kms"}"#, ""),
    call("kms", "GenerateDataKey", R, r#"{"keySpec":"AES_256","keyId":"arn:aws:kms:$region:$acct:key/$kms"}"#, ""),
    call("kms", "DescribeKey", R, r#"{"keyId":"$kms"}"#, ""),
    call("kms", "ListKeys", R, r#"{"limit":100}"#, ""),
    call("kms", "ListAliases", R, r#"{"limit":100}"#, ""),
    call("kms", "GetKeyRotationStatus", R, r#"{"keyId":"$kms"}"#, ""),
    call("kms", "ScheduleKeyDeletion", W, r#"{"keyId":"$kms","pendingWindowInDays":30}"#, r#"{"keyId":"arn:aws:kms:$region:$acct:key/$kms"}"#),
    call("secretsmanager", "ListSecrets", R, r#"{"maxResults":100}"#, ""),
    call("secretsmanager", "DescribeSecret", R, r#"{"secretId":"$secret"}"#, ""),
    call("secretsmanager", "GetSecretValue", R, r#"{"secretId":"$secret"}"#, ""),
    call("secretsmanager", "BatchGetSecretValue", R, r#"{"filters":[{"key":"tag-key","values":["$func"]}]}"#, ""),
    call("secretsmanager", "PutSecretValue", W, r#"{"secretId":"$secret","clientRequestToken":"$uuid"}"#, r#"{"arn":"arn:aws:secretsmanager:$region:$acct:secret:$secret"}"#),
    call("ssm", "DescribeParameters", R, r#"{"maxResults":50}"#, ""),
    call("ssm", "GetParameter", R, r#"{"name":"$param","withDecryption":true}"#, ""),
    call("ssm", "GetParameters", R, r#"{"names":["$param"],"withDecryption":true}"#, ""),
    call("ssm", "PutParameter", W, r#"{"name":"$param","type":"SecureString","overwrite":true}"#, r#"{"version":$small,"tier":"Standard"}"#),
    call("ssm", "DescribeInstanceInformation", R, r#"{"maxResults":50}"#, ""),
    call("ssm", "UpdateInstanceInformation", W, r#"{"instanceId":"$inst","agentVersion":"3.3.1611.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"10.$small.$small.17","computerName":"ip-10-0-$small-17.ec2.internal","agentName":"amazon-ssm-agent"}"#, ""),
    call("ssm", "ListInstanceAssociations", R, r#"{"instanceId":"$inst","maxResults":20}"#, ""),
    call("ssm", "StartSession", W, r#"{"target":"$inst"}"#, r#"{"sessionId":"$hex","tokenValue":"HIDDEN_DUE_TO_SECURITY_REASONS","streamUrl":"wss://ssmmessages.$region.amazonaws.com/v1/data-channel/$hex"}"#),
    call("ssm", "TerminateSession", W, r#"{"sessionId":"$hex"}"#, r#"{"sessionId":"$hex"}"#),
    call("ssm", "SendCommand", W, r#"{"instanceIds":["$inst"],"documentName":"AWS-RunShellScript","parameters":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#, r#"{"command":{"commandId":"$uuid","documentName":"AWS-RunShellScript","status":"Pending"}}"#),
    call("route53", "ListHostedZones", R, "", ""),
    call("route53", "ListResourceRecordSets", R, r#"{"id":"Z$hex"}"#, ""),
    call("route53", "ChangeResourceRecordSets", W, r#"{"hostedZoneId":"Z$hex","changeBatch":{"changes":[{"action":"UPSERT","resourceRecordSet":{"name":"$func.example.net.","type":"A","tTL":300}}]}}"#, r#"{"changeInfo":{"id":"/change/C$hex","status":"PENDING"}}"#),
    call("route53resolver", "DeleteResolverQueryLogConfig", W, r#"{"resolverQueryLogConfigId":"rqlc-$hex"}"#, ""),
    call("athena", "ListWorkGroups", R, r#"{"maxResults":50}"#, ""),
    call("athena", "StartQueryExecution", W, r#"{"queryString":"***OMITTED***","workGroup":"primary","clientRequestToken":"$uuid"}"#, r#"{"queryExecutionId":"$uuid"}"#),
    call("athena", "GetQueryExecution", R, r#"{"queryExecutionId":"$uuid"}"#, ""),
    call("athena", "GetQueryResults", R, r#"{"queryExecutionId":"$uuid","maxResults":1000}"#, ""),
    call("glue", "GetDatabases", R, r#"{"maxResults":100}"#, ""),
    call("glue", "GetTables", R, r#"{"databaseName":"$table"}"#, ""),
    call("glue", "GetTable", R, r#"{"databaseName":"lake","name":"$table"}"#, ""),
    call("glue", "GetPartitions", R, r#"{"databaseName":"lake","tableName":"$table"}"#, ""),
    call("glue", "GetJobRuns", R, r#"{"jobName":"$func"}"#, ""),
    call("glue", "StartJobRun", W, r#"{"jobName":"$func"}"#, r#"{"jobRunId":"jr_$hex"}"#),
    call("redshift", "DescribeClusters", R, r#"{"maxRecords":100}"#, ""),
    call("redshift", "GetClusterCredentials", W, r#"{"dbUser":"$user","clusterIdentifier":"$cluster","durationSeconds":900}"#, ""),
    call("quicksight", "ListDashboards", R, r#"{"awsAccountId":"$acct"}"#, ""),
    call("quicksight", "DescribeDashboard", R, r#"{"awsAccountId":"$acct","dashboardId":"$uuid"}"#, ""),
    call("sagemaker", "ListNotebookInstances", R, r#"{"maxResults":10}"#, ""),
    call("sagemaker", "ListTrainingJobs", R, r#"{"maxResults":10}"#, ""),
    call("sagemaker", "CreateTrainingJob", W, r#"{"trainingJobName":"$func-$hex","roleArn":"arn:aws:iam::$acct:role/$role"}"#, r#"{"trainingJobArn":"arn:aws:sagemaker:$region:$acct:training-job/$func-$hex"}"#),
    call("bedrock", "ListFoundationModels", R, "", ""),
    call("bedrock", "GetFoundationModelAvailability", R, r#"{"modelId":"anthropic.claude-3-5-sonnet-20240620-v1:0"}"#, ""),
    call("bedrock", "PutUseCaseForModelAccess", W, "", ""),
    call("bedrock", "InvokeModel", R, r#"{"modelId":"anthropic.claude-3-5-sonnet-20240620-v1:0"}"#, ""),
    call("bedrock", "Converse", R, r#"{"modelId":"anthropic.claude-3-haiku-20240307-v1:0"}"#, ""),
    call("ses", "GetSendQuota", R, "", ""),
    call("ses", "ListIdentities", R, r#"{"maxItems":100}"#, ""),
    call("ses", "GetAccount", R, "", ""),
    call("ses", "VerifyEmailIdentity", W, r#"{"emailAddress":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#, ""),
    call("ses", "UpdateAccountSendingEnabled", W, r#"{"enabled":true}"#, ""),
    call("ses", "SendEmail", P, r#"{"destination":{"toAddresses":["HIDDEN_DUE_TO_SECURITY_REASONS"]},"content":{}}"#, ""),
    call("ce", "GetCostAndUsage", R, r#"{"timePeriod":{"start":"$date","end":"$date"},"granularity":"DAILY","metrics":["UnblendedCost"]}"#, ""),
    call("ce", "GetCostForecast", R, r#"{"granularity":"MONTHLY","metric":"UNBLENDED_COST"}"#, ""),
    call("ce", "GetDimensionValues", R, r#"{"dimension":"SERVICE"}"#, ""),
    call("ce", "GetReservationUtilization", R, r#"{"granularity":"MONTHLY"}"#, ""),
    call("budgets", "DescribeBudgets", R, r#"{"accountId":"$acct"}"#, ""),
    call("budgets", "ViewBudget", R, "", ""),
    call("billing", "GetBillingViewData", R, "", ""),
    call("cur", "DescribeReportDefinitions", R, r#"{"maxResults":5}"#, ""),
    call("account", "GetContactInformation", R, "", ""),
    call("account", "PutAlternateContact", W, r#"{"alternateContactType":"SECURITY"}"#, ""),
    call("support", "DescribeCases", R, r#"{"includeResolvedCases":false}"#, ""),
    call("support", "CreateCase", W, r#"{"serviceCode":"general-info","severityCode":"normal"}"#, r#"{"caseId":"case-$acct-muen-2025-$hex"}"#),
    call("organizations", "DescribeOrganization", R, "", ""),
    call("organizations", "ListAccounts", R, "", ""),
    call("organizations", "LeaveOrganization", W, "", ""),
    // IAM
    call("iam", "ListUsers", R, r#"{"maxItems":1000}"#, ""),
    call("iam", "ListRoles", R, r#"{"maxItems":1000}"#, ""),
    call("iam", "ListPolicies", R, r#"{"scope":"Local","onlyAttached":false}"#, ""),
    call("iam", "ListGroups", R, "", ""),
    call("iam", "ListAccountAliases", R, "", ""),
    call("iam", "GetUser", R, USER, ""),
    call("iam", "GetRole", R, ROLE, ""),
    call("iam", "GetPolicy", R, r#"{"policyArn":"arn:aws:iam::$acct:policy/$policy"}"#, ""),
    call("iam", "GetPolicyVersion", R, r#"{"policyArn":"arn:aws:iam::$acct:policy/$policy","versionId":"v1"}"#, ""),
    call("iam", "ListRolePolicies", R, ROLE, ""),
    call("iam", "ListAttachedRolePolicies", R, ROLE, ""),
    call("iam", "ListAttachedUserPolicies", R, USER, ""),
    call("iam", "ListUserPolicies", R, USER, ""),
    call("iam", "ListGroupsForUser", R, USER, ""),
    call("iam", "ListAccessKeys", R, USER, ""),
    call("iam", "ListMFADevices", R, USER, ""),
    call("iam", "GetLoginProfile", R, USER, ""),
    call("iam", "GetAccessKeyLastUsed", R, r#"{"accessKeyId":"$akia"}"#, ""),
    call("iam", "GetAccountSummary", R, "", ""),
    call("iam", "GetAccountPasswordPolicy", R, "", ""),
    call("iam", "GetAccountAuthorizationDetails", R, r#"{"filter":["User","Role","LocalManagedPolicy"]}"#, ""),
    call("iam", "GenerateCredentialReport", R, "", r#"{"state":"COMPLETE"}"#),
    call("iam", "GetCredentialReport", R, "", ""),
    call("iam", "SimulatePrincipalPolicy", R, r#"{"policySourceArn":"arn:aws:iam::$acct:user/$user","actionNames":["s3:GetObject"]}"#, ""),
    call("iam", "CreateUser", W, USER, r#"{"user":{"path":"/","userName":"$user","userId":"AIDA$upper","arn":"arn:aws:iam::$acct:user/$user","createDate":"$now"}}"#),
    call("iam", "DeleteUser", W, USER, ""),
    call("iam", "CreateLoginProfile", W, r#"{"userName":"$user","passwordResetRequired":true}"#, r#"{"loginProfile":{"userName":"$user","createDate":"$now","passwordResetRequired":true}}"#),
    call("iam", "UpdateLoginProfile", W, r#"{"userName":"$user"}"#, ""),
    call("iam", "ChangePassword", W, "", ""),
    call("iam", "CreateAccessKey", W, USER, r#"{"accessKey":{"userName":"$user","accessKeyId":"$akia","status":"Active","createDate":"$now"}}"#),
    call("iam", "UpdateAccessKey", W, r#"{"userName":"$user","accessKeyId":"$akia","status":"Inactive"}"#, ""),
    call("iam", "DeleteAccessKey", W, r#"{"userName":"$user","accessKeyId":"$akia"}"#, ""),
    call("iam", "AttachUserPolicy", W, r#"{"userName":"$user","policyArn":"arn:aws:iam::aws:policy/AdministratorAccess"}"#, ""),
    call("iam", "PutUserPolicy", W, r#"{"userName":"$user","policyName":"$policy","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#, ""),
    call("iam", "AddUserToGroup", W, r#"{"userName":"$user","groupName":"$group"}"#, ""),
    call("iam", "RemoveUserFromGroup", W, r#"{"userName":"$user","groupName":"$group"}"#, ""),
    call("iam", "CreateRole", W, r#"{"roleName":"$role","assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}","maxSessionDuration":3600}"#, r#"{"role":{"path":"/","roleName":"$role","roleId":"AROA$upper","arn":"arn:aws:iam::$acct:role/$role","createDate":"$now"}}"#),
    call("iam", "DeleteRole", W, ROLE, ""),
    call("iam", "AttachRolePolicy", W, r#"{"roleName":"$role","policyArn":"arn:aws:iam::$acct:policy/$policy"}"#, ""),
    call("iam", "DetachRolePolicy", W, r#"{"roleName":"$role","policyArn":"arn:aws:iam::$acct:policy/$policy"}"#, ""),
    call("iam", "PutRolePolicy", W, r#"{"roleName":"$role","policyName":"$policy","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#, ""),
    call("iam", "UpdateAssumeRolePolicy", W, r#"{"roleName":"$role","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::$peer:root\"},\"Action\":\"sts:AssumeRole\"}]}"}"#, ""),
    call("iam", "CreatePolicy", W, r#"{"policyName":"$policy","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[]}"}"#, r#"{"policy":{"policyName":"$policy","arn":"arn:aws:iam::$acct:policy/$policy","defaultVersionId":"v1","createDate":"$now"}}"#),
    call("iam", "CreatePolicyVersion", W, r#"{"policyArn":"arn:aws:iam::$acct:policy/$policy","setAsDefault":true}"#, r#"{"policyVersion":{"versionId":"v2","isDefaultVersion":true,"createDate":"$now"}}"#),
    call("iam", "CreateVirtualMFADevice", W, r#"{"virtualMFADeviceName":"$user"}"#, r#"{"virtualMFADevice":{"serialNumber":"arn:aws:iam::$acct:mfa/$user"}}"#),
    call("iam", "EnableMFADevice", W, r#"{"userName":"$user","serialNumber":"arn:aws:iam::$acct:mfa/$user"}"#, ""),
    call("iam", "DeactivateMFADevice", W, r#"{"userName":"$user","serialNumber":"arn:aws:iam::$acct:mfa/$user"}"#, ""),
    call("iam", "CreateSAMLProvider", W, r#"{"name":"$func"}"#, r#"{"sAMLProviderArn":"arn:aws:iam::$acct:saml-provider/$func"}"#),
    call("iam", "CreateServiceLinkedRole", W, r#"{"aWSServiceName":"autoscaling.amazonaws.com"}"#, ""),
    call("rolesanywhere", "CreateTrustAnchor", W, r#"{"name":"$func","enabled":true,"source":{"sourceType":"CERTIFICATE_BUNDLE"}}"#, r#"{"trustAnchor":{"name":"$func","enabled":true,"trustAnchorId":"$uuid"}}"#),
    call("rolesanywhere", "CreateProfile", W, r#"{"name":"$func","roleArns":["arn:aws:iam::$acct:role/$role"],"enabled":true}"#, r#"{"profile":{"name":"$func","profileId":"$uuid"}}"#),
    // Trails and security services
    call("cloudtrail", "DescribeTrails", R, r#"{"includeShadowTrails":true}"#, ""),
    call("cloudtrail", "GetTrailStatus", R, r#"{"name":"arn:aws:cloudtrail:$region:$acct:trail/org-trail"}"#, ""),
    call("cloudtrail", "GetEventSelectors", R, r#"{"trailName":"org-trail"}"#, ""),
    call("cloudtrail", "LookupEvents", R, r#"{"maxResults":50,"lookupAttributes":[{"attributeKey":"ReadOnly","attributeValue":"false"}]}"#, ""),
    call("cloudtrail", "PutEventSelectors", W, r#"{"trailName":"org-trail","eventSelectors":[{"readWriteType":"WriteOnly","includeManagementEvents":true}]}"#, r#"{"trailARN":"arn:aws:cloudtrail:$region:$acct:trail/org-trail"}"#),
    call("cloudtrail", "StopLogging", W, r#"{"name":"arn:aws:cloudtrail:$region:$acct:trail/org-trail"}"#, ""),
    call("cloudtrail", "StartLogging", W, r#"{"name":"arn:aws:cloudtrail:$region:$acct:trail/org-trail"}"#, ""),
    call("cloudtrail", "UpdateTrail", W, r#"{"name":"org-trail","isMultiRegionTrail":true}"#, r#"{"name":"org-trail","isMultiRegionTrail":true}"#),
    call("cloudtrail", "DeleteTrail", W, r#"{"name":"org-trail"}"#, ""),
    call("guardduty", "ListDetectors", R, r#"{"maxResults":50}"#, ""),
    call("guardduty", "ListFindings", R, r#"{"detectorId":"$hex"}"#, ""),
    call("guardduty", "GetFindings", R, r#"{"detectorId":"$hex","findingIds":["$hex"]}"#, ""),
    call("guardduty", "UpdateDetector", W, r#"{"detectorId":"$hex","enable":false}"#, ""),
    call("guardduty", "DeleteDetector", W, r#"{"detectorId":"$hex"}"#, ""),
    call("guardduty", "CreateFilter", W, r#"{"detectorId":"$hex","name":"$func","action":"ARCHIVE"}"#, r#"{"name":"$func"}"#),
    call("securityhub", "GetFindings", R, r#"{"filters":{"recordState":[{"value":"ACTIVE","comparison":"EQUALS"}]},"maxResults":100}"#, ""),
    call("securityhub", "BatchUpdateFindings", W, r#"{"findingIdentifiers":[{"id":"$hex"}],"workflow":{"status":"RESOLVED"}}"#, ""),
    call("config", "DescribeConfigRules", R, "", ""),
    call("config", "SelectResourceConfig", R, r#"{"expression":"SELECT resourceId WHERE resourceType = 'AWS::EC2::Instance'"}"#, ""),
    call("config", "DescribeConfigurationRecorders", R, "", ""),
    call("config", "PutEvaluations", W, r#"{"resultToken":"***","testMode":false}"#, r#"{"failedEvaluations":[]}"#),
    call("config", "StopConfigurationRecorder", W, r#"{"configurationRecorderName":"default"}"#, ""),
    call("access-analyzer", "ListFindings", R, r#"{"analyzerArn":"arn:aws:access-analyzer:$region:$acct:analyzer/org"}"#, ""),
    call("inspector2", "ListFindings", R, r#"{"maxResults":100}"#, ""),
    // S3
    call("s3", "ListBuckets", R, r#"{"Host":"s3.$region.amazonaws.com"}"#, ""),
    call("s3", "GetBucketLocation", R, r#"{"bucketName":"$bucket","location":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "GetBucketAcl", R, r#"{"bucketName":"$bucket","acl":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "GetBucketPolicy", R, r#"{"bucketName":"$bucket","policy":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "GetBucketPolicyStatus", R, r#"{"bucketName":"$bucket","policyStatus":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "GetBucketVersioning", R, r#"{"bucketName":"$bucket","versioning":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "GetBucketEncryption", R, r#"{"bucketName":"$bucket","encryption":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "GetBucketPublicAccessBlock", R, r#"{"bucketName":"$bucket","publicAccessBlock":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "PutBucketPolicy", W, r#"{"bucketName":"$bucket","policy":"","bucketPolicy":{"Version":"2012-10-17","Statement":[]},"Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "PutBucketPublicAccessBlock", W, r#"{"bucketName":"$bucket","publicAccessBlock":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "PutBucketLifecycle", W, r#"{"bucketName":"$bucket","lifecycle":"","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "CreateBucket", W, S3, ""),
    call("s3", "DeleteBucket", W, S3, ""),
    call("s3", "ListObjects", D, r#"{"list-type":"2","bucketName":"$bucket","prefix":"","delimiter":"/","Host":"$bucket.s3.$region.amazonaws.com"}"#, ""),
    call("s3", "HeadObject", D, OBJECT, ""),
    call("s3", "GetObject", D, OBJECT, ""),
    call("s3", "PutObject", P, OBJECT, ""),
    call("s3", "DeleteObject", P, OBJECT, ""),
    // AWS Backup, Systems on their own
    call("backup", "ListBackupJobs", R, r#"{"maxResults":100}"#, ""),
    call("backup", "StartBackupJob", W, r#"{"backupVaultName":"Default","resourceArn":"arn:aws:ec2:$region:$acct:volume/$vol"}"#, r#"{"backupJobId":"$uuid"}"#),
];

/// What one click in the console, or one habit at the command line, calls.
pub(super) struct Page {
    /// Letters of the jobs that open it.
    pub jobs: &'static str,
    /// How often, against the job's other pages.
    pub weight: f64,
    /// What it reads.
    pub reads: &'static str,
    /// What is sometimes changed there.
    pub writes: &'static str,
}

const fn page(jobs: &'static str, weight: f64, reads: &'static str, writes: &'static str) -> Page {
    Page { jobs, weight, reads, writes }
}

/// Jobs: d developer, o operations, a data analyst, f finance, s security, m manager, u support, x administrator, c contractor.
pub(super) const PAGES: &[Page] = &[
    page("doamuxc", 6.0, "health:DescribeEventAggregates notifications:ListNotificationHubs ce:GetCostAndUsage servicecatalog-appregistry:ListApplications", ""),
    page("doxc", 9.0, "ec2:DescribeRegions ec2:DescribeInstances ec2:DescribeInstanceStatus ec2:DescribeTags ec2:DescribeAddresses ec2:DescribeVolumes monitoring:DescribeAlarms compute-optimizer:GetEnrollmentStatus", "ec2:StartInstances ec2:StopInstances ec2:CreateTags ec2:ModifyInstanceAttribute ec2:TerminateInstances ec2:RunInstances"),
    page("ox", 4.0, "ec2:DescribeSecurityGroups ec2:DescribeVpcs ec2:DescribeSubnets ec2:DescribeNetworkInterfaces", "ec2:AuthorizeSecurityGroupIngress ec2:RevokeSecurityGroupIngress ec2:CreateSecurityGroup"),
    page("ox", 2.0, "ec2:DescribeSnapshots ec2:DescribeImages ec2:DescribeVolumes", "ec2:CreateSnapshot ec2:DeleteSnapshot ec2:DeleteVolume ec2:ModifySnapshotAttribute ec2:ModifyImageAttribute"),
    page("odx", 3.0, "elasticloadbalancing:DescribeLoadBalancers elasticloadbalancing:DescribeTargetGroups elasticloadbalancing:DescribeTargetHealth autoscaling:DescribeAutoScalingGroups", "autoscaling:SetDesiredCapacity"),
    page("doc", 10.0, "lambda:ListFunctions20150331 lambda:GetFunction20150331v2 lambda:GetPolicy20150331v2 lambda:GetAccountSettings20160819 lambda:GetFunctionConfiguration20150331v2", "lambda:UpdateFunctionCode20150331v2 lambda:UpdateFunctionConfiguration20150331v2"),
    page("doxcu", 12.0, "logs:DescribeLogGroups logs:DescribeLogStreams logs:GetLogEvents logs:FilterLogEvents", "logs:PutRetentionPolicy"),
    page("dos", 7.0, "logs:DescribeLogGroups logs:StartQuery logs:GetQueryResults logs:GetQueryResults", ""),
    page("odxum", 6.0, "monitoring:ListDashboards monitoring:GetMetricData monitoring:GetMetricData monitoring:ListMetrics monitoring:DescribeAlarms", "monitoring:PutMetricAlarm"),
    page("doc", 6.0, "ecs:ListClusters ecs:ListTasks ecs:DescribeServices ecs:DescribeTasks", "ecs:UpdateService ecs:RegisterTaskDefinition ecs:RunTask"),
    page("do", 4.0, "eks:ListClusters eks:DescribeCluster eks:ListNodegroups eks:AccessKubernetesApi", ""),
    page("doc", 4.0, "ecr:DescribeRepositories ecr:ListImages ecr:GetAuthorizationToken", "ecr:PutImage"),
    page("doxc", 5.0, "cloudformation:ListStacks cloudformation:DescribeStacks cloudformation:DescribeStackEvents", "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet cloudformation:DeleteStack"),
    page("dacux", 7.0, "s3:ListBuckets s3:GetBucketLocation s3:ListObjects s3:GetBucketVersioning", "s3:PutObject s3:DeleteObject s3:PutBucketLifecycle"),
    page("dau", 5.0, "s3:ListObjects s3:HeadObject s3:GetObject s3:GetObject", "s3:PutObject"),
    page("dou", 6.0, "dynamodb:ListTables dynamodb:DescribeTable dynamodb:DescribeContinuousBackups dynamodb:Query dynamodb:Scan", "dynamodb:UpdateTable dynamodb:PutItem"),
    page("doxu", 5.0, "rds:DescribeDBInstances rds:DescribeDBClusters rds:DescribeEvents pi:GetResourceMetrics", "rds:ModifyDBInstance rds:CreateDBSnapshot"),
    page("dou", 4.0, "sqs:ListQueues sqs:GetQueueAttributes sns:ListTopics", ""),
    page("dox", 2.5, "secretsmanager:ListSecrets secretsmanager:DescribeSecret secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue", "secretsmanager:PutSecretValue"),
    page("dox", 2.5, "ssm:DescribeParameters ssm:GetParameter ssm:GetParameters", "ssm:PutParameter"),
    page("ox", 2.5, "ssm:DescribeInstanceInformation ec2:DescribeInstances ec2:GetConsoleOutput", "ssm:StartSession ssm:SendCommand ec2-instance-connect:SendSSHPublicKey ec2:GetPasswordData ec2:CreateKeyPair ssm:TerminateSession"),
    page("ox", 2.0, "route53:ListHostedZones route53:ListResourceRecordSets", "route53:ChangeResourceRecordSets"),
    page("d", 2.0, "apigateway:GetRestApis", "apigateway:CreateDeployment"),
    page("a", 14.0, "athena:ListWorkGroups glue:GetDatabases glue:GetTables athena:GetQueryExecution athena:GetQueryResults", "athena:StartQueryExecution"),
    page("a", 6.0, "glue:GetTable glue:GetPartitions glue:GetJobRuns", "glue:StartJobRun"),
    page("am", 6.0, "quicksight:ListDashboards quicksight:DescribeDashboard", ""),
    page("a", 4.0, "redshift:DescribeClusters", "redshift:GetClusterCredentials"),
    page("ad", 3.0, "sagemaker:ListNotebookInstances sagemaker:ListTrainingJobs s3:ListObjects", "sagemaker:CreateTrainingJob ec2:RequestSpotInstances"),
    page("ad", 1.5, "bedrock:ListFoundationModels bedrock:GetFoundationModelAvailability bedrock:InvokeModel bedrock:Converse", "bedrock:PutUseCaseForModelAccess"),
    page("fmx", 12.0, "ce:GetCostAndUsage ce:GetCostForecast ce:GetDimensionValues budgets:DescribeBudgets billing:GetBillingViewData", ""),
    page("f", 6.0, "cur:DescribeReportDefinitions budgets:ViewBudget ce:GetReservationUtilization organizations:ListAccounts", ""),
    page("x", 7.0, "iam:ListUsers iam:ListGroups iam:GetUser iam:ListAccessKeys iam:ListMFADevices iam:ListGroupsForUser iam:ListAttachedUserPolicies iam:GetLoginProfile", "iam:CreateUser iam:CreateLoginProfile iam:AddUserToGroup iam:CreateAccessKey iam:DeleteAccessKey iam:UpdateLoginProfile iam:UpdateAccessKey iam:DeleteUser iam:DeactivateMFADevice iam:AttachUserPolicy"),
    page("xod", 3.0, "iam:ListRoles iam:GetRole iam:ListAttachedRolePolicies iam:ListRolePolicies iam:GetPolicy iam:GetPolicyVersion", "iam:CreateRole iam:AttachRolePolicy iam:UpdateAssumeRolePolicy iam:CreatePolicyVersion iam:PutRolePolicy"),
    page("sx", 6.0, "iam:GetAccountSummary iam:SimulatePrincipalPolicy iam:GenerateCredentialReport iam:GetCredentialReport iam:GetAccountPasswordPolicy iam:ListUsers iam:GetAccountAuthorizationDetails", ""),
    page("s", 10.0, "cloudtrail:DescribeTrails cloudtrail:LookupEvents cloudtrail:GetTrailStatus cloudtrail:LookupEvents", ""),
    page("s", 8.0, "guardduty:ListDetectors guardduty:ListFindings guardduty:GetFindings", "guardduty:CreateFilter guardduty:UpdateDetector"),
    page("s", 8.0, "securityhub:GetFindings inspector2:ListFindings access-analyzer:ListFindings config:DescribeConfigRules", "securityhub:BatchUpdateFindings"),
    page("s", 4.0, "config:SelectResourceConfig config:DescribeConfigurationRecorders ec2:DescribeFlowLogs s3:GetBucketPolicyStatus s3:GetBucketPublicAccessBlock", "s3:PutBucketPublicAccessBlock"),
    page("xs", 1.0, "cloudtrail:GetEventSelectors cloudtrail:DescribeTrails kms:ListKeys kms:ListAliases kms:DescribeKey", "cloudtrail:PutEventSelectors cloudtrail:UpdateTrail"),
    page("xm", 3.0, "organizations:DescribeOrganization organizations:ListAccounts account:GetContactInformation", "account:PutAlternateContact rolesanywhere:CreateTrustAnchor rolesanywhere:CreateProfile iam:CreateSAMLProvider"),
    page("uo", 5.0, "support:DescribeCases health:DescribeEventAggregates", "support:CreateCase"),
    page("ux", 3.0, "ses:GetSendQuota ses:ListIdentities ses:GetAccount", "ses:VerifyEmailIdentity ses:UpdateAccountSendingEnabled ses:SendEmail"),
    page("o", 1.5, "backup:ListBackupJobs rds:DescribeDBSnapshots", "backup:StartBackupJob rds:DeleteDBSnapshot rds:ModifyDBSnapshotAttribute"),
];

/// What intruders look at first.
pub(super) const RECON: &str = "sts:GetCallerIdentity iam:ListUsers iam:ListRoles iam:ListAttachedUserPolicies iam:GetAccountSummary iam:GetAccountAuthorizationDetails iam:ListGroupsForUser iam:SimulatePrincipalPolicy s3:ListBuckets ec2:DescribeInstances ec2:DescribeRegions ec2:DescribeSecurityGroups rds:DescribeDBInstances lambda:ListFunctions20150331 secretsmanager:ListSecrets ssm:DescribeParameters organizations:DescribeOrganization ses:GetSendQuota iam:ListAccessKeys cloudtrail:DescribeTrails kms:ListKeys bedrock:ListFoundationModels";
/// How they stay.
pub(super) const PERSIST: &str = "iam:CreateUser iam:CreateAccessKey iam:CreateLoginProfile iam:AttachUserPolicy iam:UpdateAssumeRolePolicy iam:CreateRole iam:AttachRolePolicy iam:UpdateLoginProfile lambda:UpdateFunctionConfiguration20150331v2 lambda:PublishLayerVersion20181031 rolesanywhere:CreateTrustAnchor rolesanywhere:CreateProfile ec2:CreateKeyPair ec2:AuthorizeSecurityGroupIngress";
/// What they take.
pub(super) const COLLECT: &str = "secretsmanager:GetSecretValue secretsmanager:BatchGetSecretValue ssm:GetParameters ssm:GetParameter s3:ListObjects s3:GetObject s3:GetObject s3:GetObject dynamodb:Scan ec2:GetPasswordData ec2:CreateSnapshot ec2:ModifySnapshotAttribute rds:CreateDBSnapshot rds:ModifyDBSnapshotAttribute lambda:GetFunction20150331v2";
/// How they hide.
pub(super) const HIDE: &str = "cloudtrail:DescribeTrails cloudtrail:GetTrailStatus cloudtrail:GetEventSelectors cloudtrail:PutEventSelectors cloudtrail:StopLogging cloudtrail:DeleteTrail guardduty:ListDetectors guardduty:UpdateDetector guardduty:DeleteDetector config:StopConfigurationRecorder ec2:DescribeFlowLogs ec2:DeleteFlowLogs logs:DeleteLogGroup route53resolver:DeleteResolverQueryLogConfig";
/// How they move.
pub(super) const MOVE: &str = "ec2:DescribeInstances ssm:DescribeInstanceInformation ssm:StartSession ssm:SendCommand ec2-instance-connect:SendSSHPublicKey eks:ListClusters eks:AccessKubernetesApi ecr:GetAuthorizationToken";

/// Calls by `service:Name`, and pages and decks resolved to numbers.
pub(super) struct Catalogue {
    by_name: BTreeMap<String, u16>,
    /// For each page: calls it reads, calls it writes.
    pub pages: Vec<(Vec<u16>, Vec<u16>)>,
}

impl Catalogue {
    pub(super) fn new() -> Catalogue {
        let name = |(at, call): (usize, &Call)| (format!("{}:{}", call.service, call.name), at as u16);
        let mut catalogue = Catalogue { by_name: CALLS.iter().enumerate().map(name).collect(), pages: Vec::new() };
        catalogue.pages = PAGES.iter().map(|page| (catalogue.deck(page.reads), catalogue.deck(page.writes))).collect();
        catalogue
    }

    /// The number of a call that is in CALLS.
    pub(super) fn call(&self, name: &str) -> u16 {
        *self.by_name.get(name).unwrap_or_else(|| panic!("{name} is not in CALLS"))
    }

    /// The numbers of calls named in a deck.
    pub(super) fn deck(&self, names: &str) -> Vec<u16> {
        names.split_ascii_whitespace().map(|name| self.call(name)).collect()
    }
}
