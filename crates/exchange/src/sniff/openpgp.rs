//! Whether bytes begin an encrypted OpenPGP message: packet header and version octet (RFC 9580 section 4).

/// Returns true where the first packet is one that begins an encrypted message and its version octet exists.
pub(super) fn starts_message(bytes: &[u8]) -> bool {
    let Some(&head) = bytes.first() else { return false };
    if head & 0x80 == 0 {
        return false;
    }
    let (tag, body_at) = if head & 0x40 != 0 { new_header(head, bytes) } else { old_header(head) };
    let version = bytes.get(body_at).copied().unwrap_or(0);
    match tag {
        // Session key for a public key, session key for a passphrase, and the encrypted data itself.
        1 => matches!(version, 2 | 3 | 6),
        3 => matches!(version, 4..=6),
        18 => matches!(version, 1 | 2),
        _ => false,
    }
}

fn new_header(head: u8, bytes: &[u8]) -> (u8, usize) {
    let length_octets = match bytes.get(1) {
        Some(192..=223) => 2,
        Some(255) => 5,
        _ => 1,
    };
    (head & 0x3f, 1 + length_octets)
}

fn old_header(head: u8) -> (u8, usize) {
    let length_octets = match head & 0x03 {
        0 => 1,
        1 => 2,
        2 => 4,
        _ => 0,
    };
    ((head >> 2) & 0x0f, 1 + length_octets)
}
