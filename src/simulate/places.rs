//! Countries people work in: clocks, working days, public holidays.

/// A country.
pub(super) struct Country {
    pub code: &'static str,
    /// Minutes ahead of UTC in winter.
    pub offset: i64,
    pub summer: Summer,
    /// Friday and Saturday are the weekend, not Saturday and Sunday.
    pub friday: bool,
    /// How often a company has people there.
    pub weight: f64,
    /// Month and day of fixed public holidays.
    pub holidays: &'static [(u32, u32)],
    /// The AWS region a company at home there uses.
    pub region: &'static str,
}

/// When clocks go forward.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Summer {
    Never,
    Europe,
    America,
    /// South of the equator: from October to April.
    South,
}

const fn country(code: &'static str, offset: i64, summer: Summer, weight: f64, region: &'static str, holidays: &'static [(u32, u32)]) -> Country {
    Country { code, offset, summer, friday: false, weight, holidays, region }
}

/// Where people work. To add one: a row, and networks for it in networks.rs.
pub(super) const COUNTRIES: &[Country] = &[
    country("US", -300, Summer::America, 14.0, "us-east-1", &[(1, 1), (6, 19), (7, 4), (11, 11), (12, 25)]),
    country("GB", 0, Summer::Europe, 8.0, "eu-west-2", &[(1, 1), (12, 25), (12, 26)]),
    country("DE", 60, Summer::Europe, 8.0, "eu-central-1", &[(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)]),
    country("FR", 60, Summer::Europe, 5.0, "eu-west-3", &[(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]),
    country("NL", 60, Summer::Europe, 4.0, "eu-central-1", &[(1, 1), (4, 27), (12, 25), (12, 26)]),
    country("ES", 60, Summer::Europe, 4.0, "eu-west-1", &[(1, 1), (1, 6), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)]),
    country("IT", 60, Summer::Europe, 4.0, "eu-central-1", &[(1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26)]),
    country("PL", 60, Summer::Europe, 4.0, "eu-central-1", &[(1, 1), (1, 6), (5, 1), (5, 3), (8, 15), (11, 1), (11, 11), (12, 25), (12, 26)]),
    country("SE", 60, Summer::Europe, 3.0, "eu-north-1", &[(1, 1), (1, 6), (5, 1), (6, 6), (12, 24), (12, 25), (12, 26)]),
    country("IE", 0, Summer::Europe, 3.0, "eu-west-1", &[(1, 1), (3, 17), (12, 25), (12, 26)]),
    country("PT", 0, Summer::Europe, 3.0, "eu-west-1", &[(1, 1), (4, 25), (5, 1), (6, 10), (8, 15), (10, 5), (11, 1), (12, 1), (12, 8), (12, 25)]),
    country("CH", 60, Summer::Europe, 2.0, "eu-central-1", &[(1, 1), (8, 1), (12, 25), (12, 26)]),
    country("RO", 120, Summer::Europe, 3.0, "eu-central-1", &[(1, 1), (1, 2), (1, 24), (5, 1), (8, 15), (11, 30), (12, 1), (12, 25), (12, 26)]),
    country("CZ", 60, Summer::Europe, 2.0, "eu-central-1", &[(1, 1), (5, 1), (5, 8), (7, 5), (9, 28), (10, 28), (11, 17), (12, 24), (12, 25)]),
    country("IN", 330, Summer::Never, 8.0, "ap-south-1", &[(1, 26), (8, 15), (10, 2), (12, 25)]),
    country("SG", 480, Summer::Never, 3.0, "ap-southeast-1", &[(1, 1), (5, 1), (8, 9), (12, 25)]),
    country("JP", 540, Summer::Never, 4.0, "ap-northeast-1", &[(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23)]),
    country("AU", 600, Summer::South, 4.0, "ap-southeast-2", &[(1, 1), (1, 26), (4, 25), (12, 25), (12, 26)]),
    country("BR", -180, Summer::Never, 4.0, "sa-east-1", &[(1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 25)]),
    country("CA", -300, Summer::America, 4.0, "ca-central-1", &[(1, 1), (7, 1), (12, 25), (12, 26)]),
    country("MX", -360, Summer::Never, 2.0, "us-east-1", &[(1, 1), (5, 1), (9, 16), (12, 25)]),
    country("AR", -180, Summer::Never, 2.0, "sa-east-1", &[(1, 1), (3, 24), (5, 1), (5, 25), (7, 9), (12, 8), (12, 25)]),
    country("ZA", 120, Summer::Never, 2.0, "eu-west-1", &[(1, 1), (3, 21), (4, 27), (5, 1), (6, 16), (8, 9), (9, 24), (12, 16), (12, 25)]),
    country("PH", 480, Summer::Never, 2.0, "ap-southeast-1", &[(1, 1), (4, 9), (5, 1), (6, 12), (11, 1), (11, 30), (12, 25), (12, 30)]),
    Country { code: "IL", offset: 120, summer: Summer::Europe, friday: true, weight: 2.0, holidays: &[], region: "eu-central-1" },
];

/// Year, month, day of a day since 1970.
pub(super) fn civil(day: i64) -> (i64, u32, u32) {
    let (year, month, date) = crate::time::civil_from_days(day);
    (year, month as u32, date as u32)
}

/// 0 is Monday.
pub(super) fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

impl Country {
    /// Minutes ahead of UTC on a day.
    pub(super) fn clock(&self, day: i64) -> i64 {
        // The last Sunday on or before, or the nth Sunday from, a date of the same month.
        let (_, month, date) = civil(day);
        let sunday = date as i64 - (weekday(day) + 1) % 7; // the date of the week's Sunday, which may be below 1
        let summer = match self.summer {
            Summer::Never => false,
            Summer::Europe => match month {
                4..=9 => true,
                3 => sunday >= 25,
                10 => sunday < 25,
                _ => false,
            },
            Summer::America => match month {
                4..=10 => true,
                3 => sunday >= 8,
                11 => sunday < 1,
                _ => false,
            },
            Summer::South => match month {
                11 | 12 | 1..=3 => true,
                10 => sunday >= 1,
                4 => sunday < 1,
                _ => false,
            },
        };
        self.offset + if summer { 60 } else { 0 }
    }

    /// Whether people work on a day.
    pub(super) fn works(&self, day: i64) -> bool {
        let weekend = if self.friday { [4, 5] } else { [5, 6] };
        let (_, month, date) = civil(day);
        !weekend.contains(&weekday(day)) && !self.holidays.contains(&(month, date))
    }
}
