//! Countries' outlines (TopoJSON) to centroids, radii and the lines of a world map.

use super::countries::{COUNTRIES, WITHOUT_OUTLINE};
use serde_json::Value;
use std::collections::BTreeMap;

/// A country as a disc: the middle of its mainland, and how far that land spreads.
pub(super) struct Disc {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) radius_km: f64,
}

/// Kilometres in a degree of latitude.
const DEGREE_KM: f64 = 111.195;
/// Islands and provinces overseas smaller than this share of the largest part do not count: the centroid of the USA
/// without Alaska, of France without Guiana.
const MAINLAND_SHARE: f64 = 0.2;
/// No country is taken for smaller than this, km.
const LEAST_RADIUS_KM: f64 = 5.0;

type Line = Vec<(f64, f64)>;

/// Every country's disc, by code.
pub(super) fn centroids(topology: &str) -> Result<BTreeMap<&'static str, Disc>, String> {
    let topology: Value = serde_json::from_str(topology).map_err(|error| format!("world-atlas: {error}"))?;
    let arcs = arcs(&topology)?;
    let mut rings: BTreeMap<&'static str, Vec<Line>> = BTreeMap::new();
    for shape in list(&topology["objects"]["countries"]["geometries"])? {
        let number = shape["id"].as_str().and_then(|id| id.parse::<u16>().ok());
        let code = match (number, shape["properties"]["name"].as_str()) {
            (Some(number), _) => COUNTRIES.iter().find(|country| country.1 == number).map(|country| country.0),
            (None, Some("Kosovo")) => Some("XK"),
            (None, Some("Somaliland")) => Some("SO"),
            (None, Some("N. Cyprus")) => Some("CY"),
            _ => None,
        };
        // Around a pole, no plane serves: Antarctica is in the table by hand.
        let Some(code) = code.filter(|code| *code != "AQ") else { continue };
        let polygons = match shape["type"].as_str() {
            Some("Polygon") => vec![&shape["arcs"]],
            Some("MultiPolygon") => list(&shape["arcs"])?.iter().collect(),
            _ => return Err(format!("world-atlas: no shape for {code}")),
        };
        for polygon in polygons {
            // The first ring is the outside; lakes and enclaves do not move a centroid much.
            rings.entry(code).or_default().push(ring(list(&list(polygon)?[0])?, &arcs)?);
        }
    }
    let mut discs: BTreeMap<&'static str, Disc> = rings.into_iter().map(|(code, rings)| (code, disc(rings))).collect();
    for &(code, latitude, longitude, radius_km) in WITHOUT_OUTLINE {
        discs.entry(code).or_insert(Disc { latitude, longitude, radius_km });
    }
    Ok(discs)
}

/// The borders and coasts as lines: `ODDMAP1\n`, count of lines; for each, count of points, and the points as zigzag
/// steps of longitude and latitude in tenths of a degree, each line from 0, 0. Numbers are varints.
pub(super) fn world(topology: &str) -> Result<Vec<u8>, String> {
    let topology: Value = serde_json::from_str(topology).map_err(|error| format!("world-atlas: {error}"))?;
    let arcs = arcs(&topology)?;
    let mut bytes = b"ODDMAP1\n".to_vec();
    super::put_number(&mut bytes, arcs.len() as u64);
    for arc in arcs {
        let mut points: Vec<(i64, i64)> =
            arc.iter().map(|(x, y)| ((x * 10.0).round() as i64, (y * 10.0).round() as i64)).collect();
        points.dedup();
        super::put_number(&mut bytes, points.len() as u64);
        let mut last = (0, 0);
        for point in points {
            for step in [point.0 - last.0, point.1 - last.1] {
                super::put_number(&mut bytes, ((step << 1) ^ (step >> 63)) as u64);
            }
            last = point;
        }
    }
    Ok(bytes)
}

/// The topology's lines as longitude and latitude.
fn arcs(topology: &Value) -> Result<Vec<Line>, String> {
    let factor = |key: &str, axis: usize| {
        topology["transform"][key][axis].as_f64().ok_or_else(|| format!("world-atlas: no {key}"))
    };
    let (scale_x, scale_y) = (factor("scale", 0)?, factor("scale", 1)?);
    let (move_x, move_y) = (factor("translate", 0)?, factor("translate", 1)?);
    let mut arcs = Vec::new();
    for arc in list(&topology["arcs"])? {
        let (mut x, mut y) = (0.0, 0.0);
        let mut line = Vec::new();
        for point in list(arc)? {
            x += point[0].as_f64().ok_or("world-atlas: a point without x")?;
            y += point[1].as_f64().ok_or("world-atlas: a point without y")?;
            line.push((x * scale_x + move_x, y * scale_y + move_y));
        }
        arcs.push(line);
    }
    Ok(arcs)
}

/// One closed line of the arcs with these numbers; a negative number means the arc backwards.
fn ring(numbers: &[Value], arcs: &[Line]) -> Result<Line, String> {
    let mut line = Line::new();
    for number in numbers {
        let number = number.as_i64().ok_or("world-atlas: an arc's number is missing")?;
        let forwards = if number < 0 { !number } else { number };
        let arc = arcs.get(forwards as usize).ok_or("world-atlas: an arc is missing")?;
        if number < 0 {
            line.extend(arc.iter().rev());
        } else {
            line.extend(arc);
        }
    }
    // A line over the date line goes on past 180 degrees.
    let mut last = line.first().map_or(0.0, |point| point.0);
    for point in &mut line {
        point.0 -= ((point.0 - last) / 360.0).round() * 360.0;
        last = point.0;
    }
    Ok(line)
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "world-atlas: not a list".to_owned())
}

/// Area, first and second moments of a polygon in kilometres, on a plane that keeps areas (sinusoidal projection).
struct Moments {
    area: f64,
    x: f64,
    y: f64,
    square: f64,
}

fn moments(ring: &Line, middle: f64) -> Moments {
    let flat: Vec<(f64, f64)> = ring
        .iter()
        .map(|&(x, y)| ((x - middle) * DEGREE_KM * libm::cos(y.to_radians()), y * DEGREE_KM))
        .collect();
    let mut sum = Moments { area: 0.0, x: 0.0, y: 0.0, square: 0.0 };
    for (at, a) in flat.iter().enumerate() {
        let b = flat[(at + 1) % flat.len()];
        let cross = a.0 * b.1 - b.0 * a.1;
        sum.area += cross / 2.0;
        sum.x += (a.0 + b.0) * cross / 6.0;
        sum.y += (a.1 + b.1) * cross / 6.0;
        let squares = a.0 * a.0 + a.0 * b.0 + b.0 * b.0 + a.1 * a.1 + a.1 * b.1 + b.1 * b.1;
        sum.square += squares * cross / 12.0;
    }
    let sign = sum.area.signum();
    Moments { area: sum.area * sign, x: sum.x * sign, y: sum.y * sign, square: sum.square * sign }
}

fn disc(mut rings: Vec<Line>) -> Disc {
    let area = |ring: &Line| moments(ring, ring[0].0).area;
    rings.sort_by(|a, b| area(b).total_cmp(&area(a)));
    let least = area(&rings[0]) * MAINLAND_SHARE;
    rings.retain(|ring| area(ring) >= least);
    let edges = rings[0].iter().fold((f64::MAX, f64::MIN), |edges, point| (edges.0.min(point.0), edges.1.max(point.0)));
    let middle = (edges.0 + edges.1) / 2.0;
    let mut total = Moments { area: 0.0, x: 0.0, y: 0.0, square: 0.0 };
    for ring in &mut rings {
        // Land cut by the date line is put together again.
        let turn = ((middle - ring[0].0) / 360.0).round() * 360.0;
        ring.iter_mut().for_each(|point| point.0 += turn);
        let part = moments(ring, middle);
        total.area += part.area;
        total.x += part.x;
        total.y += part.y;
        total.square += part.square;
    }
    let (x, y) = (total.x / total.area, total.y / total.area);
    // A disc's mean square distance from its middle is half its radius squared.
    let spread = (total.square / total.area - x * x - y * y).max(0.0);
    let latitude = y / DEGREE_KM;
    let longitude = middle + x / DEGREE_KM / libm::cos(latitude.to_radians());
    let longitude = longitude - (longitude / 360.0).round() * 360.0;
    Disc { latitude, longitude, radius_km: (2.0 * spread).sqrt().max(LEAST_RADIUS_KM) }
}
