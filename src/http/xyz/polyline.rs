//! Lines packed into a few letters (Google's Encoded Polyline Algorithm Format), latitude before longitude.

/// The positions (longitude and latitude in degrees, five decimals); `None` when the text is no such line.
pub(super) fn decode(text: &str) -> Option<Vec<[f64; 2]>> {
    let mut bytes = text.bytes().peekable();
    let (mut latitude, mut longitude) = (0_i64, 0_i64);
    let mut positions = Vec::new();
    while bytes.peek().is_some() {
        latitude += number(&mut bytes)?;
        longitude += number(&mut bytes)?;
        let [lon, lat] = [longitude, latitude].map(|n| n as f64 / 1e5);
        if lon.abs() > 360.0 || lat.abs() > 90.0 {
            return None;
        }
        positions.push([lon, lat]);
    }
    Some(positions)
}

/// The next difference: five bits a letter, the lowest first, the sign in the lowest bit of all.
fn number(bytes: &mut impl Iterator<Item = u8>) -> Option<i64> {
    let mut value = 0_i64;
    for shift in (0..35).step_by(5) {
        let chunk = bytes.next()?.checked_sub(63).filter(|chunk| *chunk < 64)?;
        value |= i64::from(chunk & 31) << shift;
        if chunk < 32 {
            return Some(if value & 1 == 1 { !(value >> 1) } else { value >> 1 });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn the_example_of_its_description_is_read() {
        let positions = decode("_p~iF~ps|U_ulLnnqC_mqNvxq`@").unwrap();
        assert_eq!(positions, [[-120.2, 38.5], [-120.95, 40.7], [-126.453, 43.252]]);
        assert_eq!(decode("").unwrap(), [] as [[f64; 2]; 0]);
    }

    #[test]
    fn what_ends_early_or_leaves_the_world_is_none() {
        for wrong in ["_", "_p~iF", "_p~i", "é", " ", "~~~~~~~~~~~~~~", "_p~iF~ps|U_"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
