//! Random bytes of the operating system: keys, salts and nonces.

use zeroize::Zeroizing;

/// Fills `out` with random bytes.
pub(crate) fn fill(out: &mut [u8]) {
    aws_lc_rs::rand::fill(out)
        .expect("aws-lc ends the process when the system has no random bytes, it returns no error");
}

/// `N` random bytes, wiped when dropped.
pub(crate) fn random<const N: usize>() -> Zeroizing<[u8; N]> {
    let mut bytes = Zeroizing::new([0; N]);
    fill(bytes.as_mut_slice());
    bytes
}
