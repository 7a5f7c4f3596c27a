//! Greyscale PNG files (PNG, third edition): eight bits a pixel, the best of the five row filters, no ancillary chunk.

use super::deflate::zlib;

/// The PNG file of `pixels`, row by row from the top; their number must be `width` times the height.
pub(crate) fn greyscale(width: usize, pixels: &[u8]) -> Vec<u8> {
    let height = pixels.len() / width;
    let mut header = Vec::with_capacity(13);
    header.extend_from_slice(&(width as u32).to_be_bytes());
    header.extend_from_slice(&(height as u32).to_be_bytes());
    header.extend_from_slice(&[8, 0, 0, 0, 0]); // depth 8, greyscale, deflate, adaptive filters, not interlaced
    let mut out = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut out, b"IHDR", &header);
    chunk(&mut out, b"IDAT", &zlib(&filtered(width, pixels)));
    chunk(&mut out, b"IEND", &[]);
    out
}

fn chunk(out: &mut Vec<u8>, kind: &[u8; 4], content: &[u8]) {
    out.extend_from_slice(&(content.len() as u32).to_be_bytes());
    let start = out.len();
    out.extend_from_slice(kind);
    out.extend_from_slice(content);
    let sum = crc32(&out[start..]);
    out.extend_from_slice(&sum.to_be_bytes());
}

fn filtered(width: usize, pixels: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(pixels.len() + pixels.len() / width);
    let mut above = vec![0; width];
    for row in pixels.chunks_exact(width) {
        let candidates = (0..5u8).map(|filter| filter_row(filter, row, &above));
        let best = candidates
            .min_by_key(|line| line[1..].iter().map(|byte| u32::from(byte.cast_signed().unsigned_abs())).sum::<u32>());
        out.extend(best.unwrap_or_default());
        above.copy_from_slice(row);
    }
    out
}

fn filter_row(filter: u8, row: &[u8], above: &[u8]) -> Vec<u8> {
    let mut line = Vec::with_capacity(row.len() + 1);
    line.push(filter);
    let (mut left, mut corner) = (0, 0);
    for (value, up) in row.iter().zip(above) {
        let guess = match filter {
            0 => 0,
            1 => left,
            2 => *up,
            3 => u16::midpoint(u16::from(left), u16::from(*up)) as u8,
            _ => paeth(left, *up, corner),
        };
        line.push(value.wrapping_sub(guess));
        (left, corner) = (*value, *up);
    }
    line
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let (a, b, c) = (i16::from(left), i16::from(up), i16::from(corner));
    let guess = a + b - c;
    let (to_left, to_up, to_corner) = ((guess - a).abs(), (guess - b).abs(), (guess - c).abs());
    if to_left <= to_up && to_left <= to_corner {
        left
    } else if to_up <= to_corner {
        up
    } else {
        corner
    }
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = u32::MAX;
    for byte in bytes {
        sum ^= u32::from(*byte);
        for _ in 0..8 {
            sum = (sum >> 1) ^ if sum & 1 == 1 { 0xEDB8_8320 } else { 0 };
        }
    }
    !sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_that_of_the_standard_check_string() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_file_begins_with_its_signature_and_size() {
        let file = greyscale(3, &[0, 128, 255, 1, 2, 3]);
        assert_eq!(&file[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(file[16..24], [0, 0, 0, 3, 0, 0, 0, 2]);
        assert!(file.ends_with(&[b'I', b'E', b'N', b'D', 0xAE, 0x42, 0x60, 0x82]));
    }
}
