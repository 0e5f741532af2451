//! User agents as browsers, command lines and libraries send them, with the versions of the day.

use super::dice::Dice;

/// A person's browser on some system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Browser {
    pub family: Family,
    pub system: System,
    /// Days from a release to its use here.
    pub lag: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Family {
    Chrome,
    Edge,
    Firefox,
    Safari,
    Phone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Windows,
    Mac,
    Linux,
}

/// First day (since 1970) of 2023-12-05, when Chrome 120 came out.
const CHROME_120: i64 = 19_696;

/// Safari's versions and the day each came out.
const SAFARI: &[(i64, &str)] = &[
    (0, "17.2"), (19_745, "17.3"), (19_787, "17.4"), (19_856, "17.5"), (19_933, "17.6"), (19_982, "18.0"), (20_024, "18.1"),
    (20_068, "18.2"), (20_115, "18.3"), (20_178, "18.4"), (20_220, "18.5"), (20_298, "18.6"), (20_346, "26.0"), (20_395, "26.1"),
    (20_434, "26.2"), (20_494, "26.3"),
];

/// aws-cli's minor versions and the day each came out.
const CLI: &[(i64, u32)] = &[
    (0, 13), (19_705, 15), (19_875, 16), (19_905, 17), (19_998, 18), (20_046, 22), (20_110, 24), (20_150, 25), (20_195, 27),
    (20_285, 28), (20_340, 30), (20_363, 31), (20_410, 32), (20_470, 33), (20_520, 34),
];

/// boto3's minor versions and the day each came out.
const BOTO: &[(i64, u32)] = &[
    (0, 28), (19_705, 34), (19_955, 35), (20_104, 36), (20_145, 37), (20_200, 38), (20_270, 39), (20_306, 40), (20_418, 42), (20_540, 43),
];

fn at<T: Copy>(table: &[(i64, T)], day: i64) -> T {
    table.iter().rev().find(|row| row.0 <= day).unwrap_or(&table[0]).1
}

impl Browser {
    /// As likely as people have it; `linux` is how likely Linux is.
    pub(super) fn draw(dice: &mut Dice, linux: f64, mac: f64) -> Browser {
        let system = [System::Linux, System::Mac, System::Windows][dice.weighted(&[linux, mac, (1.0 - linux - mac).max(0.05)])];
        let weights = match system {
            System::Windows => [0.55, 0.33, 0.12, 0.0],
            System::Mac => [0.6, 0.03, 0.12, 0.25],
            System::Linux => [0.5, 0.0, 0.5, 0.0],
        };
        let family = [Family::Chrome, Family::Edge, Family::Firefox, Family::Safari][dice.weighted(&weights)];
        Browser { family, system, lag: dice.between(0, 12) }
    }

    pub(super) fn phone(dice: &mut Dice) -> Browser {
        let system = if dice.chance(0.55) { System::Mac } else { System::Linux };
        Browser { family: Family::Phone, system, lag: dice.between(0, 20) }
    }

    /// The user agent of a day.
    pub(super) fn agent(&self, day: i64) -> String {
        let day = day - self.lag;
        let chrome = 120 + (day - CHROME_120).max(0) / 32;
        let firefox = 121 + (day - CHROME_120 - 14).max(0) / 29;
        let safari = at(SAFARI, day);
        let system = match self.system {
            System::Windows => "Windows NT 10.0; Win64; x64",
            System::Mac => "Macintosh; Intel Mac OS X 10_15_7",
            System::Linux => "X11; Linux x86_64",
        };
        match self.family {
            Family::Chrome => format!("Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Safari/537.36"),
            Family::Edge => format!("Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Safari/537.36 Edg/{chrome}.0.0.0"),
            Family::Firefox => {
                let system = if self.system == System::Mac { "Macintosh; Intel Mac OS X 10.15" } else { system };
                format!("Mozilla/5.0 ({system}; rv:{firefox}.0) Gecko/20100101 Firefox/{firefox}.0")
            }
            Family::Safari => format!("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{safari} Safari/605.1.15"),
            Family::Phone if self.system == System::Mac => {
                let system = if safari.starts_with("26") { "18_6".to_owned() } else { safari.replace('.', "_") };
                format!("Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{safari} Mobile/15E148 Safari/604.1")
            }
            Family::Phone => format!("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{chrome}.0.0.0 Mobile Safari/537.36"),
        }
    }
}

/// aws-cli as installed on `day` on a system; `$command` stands for the command of each call, where it is `told`.
pub(super) fn cli(system: System, day: i64, told: bool, dice: &mut Dice) -> String {
    let minor = at(CLI, day);
    let patch = dice.between(0, 40);
    if minor < 22 {
        let (os, python) = match system {
            System::Windows => ("Windows/10 exe/AMD64", "3.11.8"),
            System::Mac => ("Darwin/23.6.0 exe/x86_64", "3.11.8"),
            System::Linux => (*dice.pick(&["Linux/6.5.0-28-generic exe/x86_64.ubuntu.22", "Linux/6.8.0-40-generic exe/x86_64.ubuntu.24"]), "3.11.8"),
        };
        format!("aws-cli/2.{minor}.{patch} Python/{python} {os} prompt/off{}", if told { " command/$command" } else { "" })
    } else {
        let (os, arch) = match system {
            System::Windows => ("windows#10", "amd64"),
            System::Mac => ("macos#24.6.0", "arm64"),
            System::Linux => ("linux#6.8.0-79-generic", "x86_64"),
        };
        format!("aws-cli/2.{minor}.{patch} md/awscrt#0.27.6 ua/2.1 os/{os} md/arch#{arch} lang/python#3.13.7 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off{}", if told { " md/command#$command" } else { "" })
    }
}

/// boto3 as installed on `day`; `place` is what follows the interpreter, such as `exec-env/EKS`.
pub(super) fn boto(day: i64, linux: &str, place: &str, dice: &mut Dice) -> String {
    let minor = at(BOTO, day);
    let patch = dice.between(1, 130);
    let place = if place.is_empty() { String::new() } else { format!("{place} ") };
    format!("Boto3/1.{minor}.{patch} md/Botocore#1.{minor}.{patch} ua/2.1 os/linux#{linux} md/arch#x86_64 lang/python#3.12.9 md/pyimpl#CPython {place}cfg/retry-mode#legacy Botocore/1.{minor}.{patch}")
}

/// boto3 on a person's own machine.
pub(super) fn boto_at_home(system: System, day: i64, dice: &mut Dice) -> String {
    let minor = at(BOTO, day);
    let patch = dice.between(1, 130);
    let (os, arch) = match system {
        System::Windows => ("windows#10", "amd64"),
        System::Mac => ("macos#24.6.0", "arm64"),
        System::Linux => ("linux#6.8.0-79-generic", "x86_64"),
    };
    format!("Boto3/1.{minor}.{patch} md/Botocore#1.{minor}.{patch} ua/2.1 os/{os} md/arch#{arch} lang/python#3.12.9 md/pyimpl#CPython cfg/retry-mode#legacy Botocore/1.{minor}.{patch}")
}

/// Terraform with its AWS provider.
pub(super) fn terraform(day: i64, dice: &mut Dice) -> String {
    let (core, provider) = if day < 20_180 { (dice.between(5, 9), dice.between(31, 89)) } else { (dice.between(10, 14), dice.between(90, 99)) };
    format!("APN/1.0 HashiCorp/1.0 Terraform/1.{core}.{} (+https://www.terraform.io) terraform-provider-aws/5.{provider}.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.36.3 ua/2.1 os/linux lang/go#1.23.7 md/GOOS#linux md/GOARCH#amd64", dice.between(0, 8))
}

/// The Go library, as small tools use it.
pub(super) fn go(service: &str, dice: &mut Dice) -> String {
    if dice.chance(0.35) {
        format!("aws-sdk-go/1.55.{} (go1.22.9; linux; amd64)", dice.between(1, 8))
    } else {
        format!("aws-sdk-go-v2/1.{}.{} ua/2.1 os/linux lang/go#1.23.6 md/GOOS#linux md/GOARCH#amd64 api/{service}", dice.between(26, 39), dice.between(0, 6))
    }
}

/// Something of the many that people try once.
pub(super) fn small_tool(day: i64, dice: &mut Dice) -> String {
    let system = [System::Windows, System::Mac, System::Linux][dice.below(3)];
    match dice.below(6) {
        0 => boto_at_home(system, day - dice.between(5, 500), dice),
        1 => cli(system, day - dice.between(5, 500), false, dice),
        2 => go("s3", dice),
        3 => format!("S3 Browser/11.{}.{} (https://s3browser.com)", dice.between(4, 9), dice.between(1, 9)),
        4 => format!("AWS-Toolkit-For-VSCode/3.{}.0 Visual-Studio-Code/1.{}.0 ClientId/00000000-0000-4000-8000-000000000000", dice.between(0, 60), dice.between(85, 104)),
        _ => format!("python-requests/2.{}.0", dice.between(28, 32)),
    }
}

/// What a pipeline's credentials step sends.
pub(super) fn configure(provider: &str) -> &'static str {
    if provider == "github" { "aws-sdk-nodejs/2.1692.0 linux/v20.19.5 configure-aws-credentials promise" } else { "aws-cli/2.17.44 md/awscrt#0.21.2 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.11.9 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off" }
}
