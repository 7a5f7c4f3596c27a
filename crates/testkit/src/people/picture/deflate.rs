//! A zlib stream (RFC 1950) of one deflate block (RFC 1951) with Huffman codes of its own and no back references:
//! enough for pictures, whose filtered rows are noise around zero.

const MAX_BITS: u8 = 15;
const END_OF_BLOCK: usize = 256;
/// The order in which a block states the lengths of its code length codes (RFC 1951 §3.2.7).
const LENGTH_ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    /// Appends `count` bits, the lowest first.
    fn push(&mut self, bits: u32, count: u32) {
        self.held |= bits << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.out.push(self.held as u8);
        }
        self.out
    }
}

/// The zlib stream of `bytes`.
pub(crate) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut counts = [0u32; END_OF_BLOCK + 1];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    counts[END_OF_BLOCK] = 1;
    let lengths = code_lengths(counts);
    let codes = canonical_codes(&lengths);
    let mut bits = Bits { out: vec![0x78, 0x9C], held: 0, count: 0 };
    bits.push(0b101, 3); // the last block, dynamic codes
    bits.push(0, 5); // 257 literal and length codes
    bits.push(0, 5); // one distance code
    bits.push(15, 4); // all nineteen code length codes
    for symbol in LENGTH_ORDER {
        bits.push(if symbol < 16 { 4 } else { 0 }, 3);
    }
    for length in lengths.iter().copied().chain([0]) {
        bits.push(reverse(u32::from(length), 4), 4);
    }
    for symbol in bytes.iter().map(|byte| usize::from(*byte)).chain([END_OF_BLOCK]) {
        bits.push(codes[symbol], u32::from(lengths[symbol]));
    }
    let mut out = bits.finish();
    out.extend_from_slice(&adler32(bytes).to_be_bytes());
    out
}

/// Huffman code lengths, none longer than fifteen bits: where one would be, the counts are flattened and the tree is
/// built again.
fn code_lengths(mut counts: [u32; END_OF_BLOCK + 1]) -> [u8; END_OF_BLOCK + 1] {
    loop {
        let lengths = huffman(&counts);
        if lengths.iter().all(|length| *length <= MAX_BITS) {
            return lengths;
        }
        for count in counts.iter_mut().filter(|count| **count > 0) {
            *count = *count / 2 + 1;
        }
    }
}

fn huffman(counts: &[u32; END_OF_BLOCK + 1]) -> [u8; END_OF_BLOCK + 1] {
    let mut lengths = [0; END_OF_BLOCK + 1];
    let mut trees: Vec<(u64, Vec<usize>)> = counts
        .iter()
        .enumerate()
        .filter(|(_, count)| **count > 0)
        .map(|(symbol, count)| (u64::from(*count), vec![symbol]))
        .collect();
    if trees.len() == 1 {
        lengths[trees[0].1[0]] = 1;
    }
    while trees.len() > 1 {
        trees.sort_by_key(|tree| std::cmp::Reverse((tree.0, tree.1[0])));
        let (Some(one), Some(other)) = (trees.pop(), trees.pop()) else { break };
        let symbols: Vec<usize> = one.1.into_iter().chain(other.1).collect();
        for symbol in &symbols {
            lengths[*symbol] += 1;
        }
        trees.push((one.0 + other.0, symbols));
    }
    lengths
}

/// Codes in the order of RFC 1951 §3.2.2, their bits reversed for writing.
fn canonical_codes(lengths: &[u8; END_OF_BLOCK + 1]) -> [u32; END_OF_BLOCK + 1] {
    let mut codes = [0; END_OF_BLOCK + 1];
    let mut code = 0;
    for bits in 1..=MAX_BITS {
        code <<= 1;
        for (symbol, length) in lengths.iter().enumerate() {
            if *length == bits {
                codes[symbol] = reverse(code, u32::from(bits));
                code += 1;
            }
        }
    }
    codes
}

fn reverse(value: u32, bits: u32) -> u32 {
    if bits == 0 { 0 } else { value.reverse_bits() >> (32 - bits) }
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checksums_and_codes_agree_with_the_standards() {
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
        let mut lengths = [0; END_OF_BLOCK + 1];
        lengths[..8].copy_from_slice(&[3, 3, 3, 3, 3, 2, 4, 4]); // the example of RFC 1951 §3.2.2
        let codes = canonical_codes(&lengths);
        let expect = [0b010, 0b011, 0b100, 0b101, 0b110, 0b00, 0b1110, 0b1111];
        for (symbol, code) in expect.into_iter().enumerate() {
            assert_eq!(codes[symbol], reverse(code, u32::from(lengths[symbol])));
        }
    }

    #[test]
    fn steep_counts_still_give_codes_of_fifteen_bits_that_fill_the_tree() {
        let mut counts = [0; END_OF_BLOCK + 1];
        for (place, count) in counts.iter_mut().take(40).enumerate() {
            *count = 1 << place.min(30);
        }
        let lengths = code_lengths(counts);
        let filled: u32 = lengths.iter().filter(|length| **length > 0).map(|length| 1 << (MAX_BITS - *length)).sum();
        assert_eq!(filled, 1 << MAX_BITS);
    }
}
