//! Who may be reached.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::path::Path;
use std::path::PathBuf;

use crate::config::Network;

/// What a client may reach. A server draws styles that others wrote, and shall not lend them its place in the network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Every host and every file: for whoever wrote the addresses himself.
    Everything,
    /// Hosts of the public internet.
    Public {
        /// Other networks that may be reached as well.
        networks: Vec<Network>,
        /// Folders whose files may be read.
        folders: Vec<PathBuf>,
    },
}

impl Reach {
    /// Whether a connection to this address may be made.
    pub(super) fn permits(&self, address: IpAddr) -> bool {
        match self {
            Self::Everything => true,
            Self::Public { networks, .. } => {
                is_public(address) || networks.iter().any(|network| network.contains(address))
            }
        }
    }

    /// The file at a path, if it may be read: with all links followed, so that what was looked at is what is read. A file that
    /// is not there may not be read either, except by those who may read everything.
    pub(super) fn permitted(&self, file: &Path) -> Option<PathBuf> {
        let folders = match self {
            Self::Everything => return Some(file.to_owned()),
            Self::Public { folders, .. } => folders,
        };
        let file = file.canonicalize().ok()?;
        let is_in = |folder: &PathBuf| folder.canonicalize().is_ok_and(|folder| file.starts_with(folder));
        folders.iter().any(is_in).then_some(file)
    }
}

/// IPv4 networks that are not part of the public internet, with their number of bits (IANA's registry of special-purpose
/// addresses; RFC 6890, 1112, 7526).
const CLOSED_V4: [([u8; 4], u32); 15] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 4),
    ([240, 0, 0, 0], 4),
];

/// The same within the global unicast addresses of IPv6: protocol assignments with Teredo (RFC 2928, 4380), documentation
/// (RFC 3849, 9637).
const CLOSED_V6: [([u16; 2], u32); 3] = [([0x2001, 0], 23), ([0x2001, 0xdb8], 32), ([0x3fff, 0], 20)];

/// Whether an address belongs to the public internet: no private, loopback, link-local, shared, multicast, unspecified,
/// documentation or other special address, nor one of IPv6 that leads to such an address of IPv4.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let bits = address.to_bits();
    CLOSED_V4.iter().all(|&(network, length)| (bits ^ u32::from_be_bytes(network)) >> (32 - length) != 0)
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = embedded(address) {
        return is_public_v4(inner);
    }
    let head = u32::from(address.segments()[0]) << 16 | u32::from(address.segments()[1]);
    let is_global_unicast = head >> 29 == 0b001;
    let is_open = |&([first, second], length): &([u16; 2], u32)| {
        (head ^ (u32::from(first) << 16 | u32::from(second))) >> (32 - length) != 0
    };
    is_global_unicast && CLOSED_V6.iter().all(is_open)
}

/// The address of IPv4 that packets to this one end at: mapped (RFC 4291, 2.5.5.2), translated by NAT64 (RFC 6052, 2.1) or
/// tunnelled by 6to4 (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(join(high, low)),
        [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_the_public_internet_are_told_from_all_others() {
        let public = [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450::1",
            "2001:200::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
            "2002:808:808::1",
        ];
        let closed = [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::10.0.0.1",
            "64:ff9b::169.254.169.254",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:a9fe:a9fe::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ];
        for text in public {
            assert!(is_public(text.parse().unwrap()), "{text}");
        }
        for text in closed {
            assert!(!is_public(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn networks_of_the_settings_are_reached_as_well() {
        let networks = vec!["10.1.0.0/16".parse().unwrap()];
        let reach = Reach::Public { networks, folders: Vec::new() };
        assert!(reach.permits("10.1.2.3".parse().unwrap()) && reach.permits("::ffff:10.1.2.3".parse().unwrap()));
        assert!(!reach.permits("10.2.0.1".parse().unwrap()) && !reach.permits("::1".parse().unwrap()));
    }

    #[test]
    fn files_lie_in_the_folders_after_all_links_were_followed() {
        let root = tempfile::tempdir().unwrap();
        let (inside, outside) = (root.path().join("styles"), root.path().join("secret"));
        std::fs::create_dir(&inside).unwrap();
        std::fs::write(&outside, "x").unwrap();
        std::fs::write(inside.join("a.json"), "x").unwrap();
        let reach = Reach::Public { networks: Vec::new(), folders: vec![inside.clone()] };
        assert!(reach.permitted(&inside.join("a.json")).is_some());
        assert_eq!(reach.permitted(&outside), None);
        assert_eq!(reach.permitted(&inside.join("../secret")), None);
        assert_eq!(reach.permitted(&inside.join("missing")), None);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&outside, inside.join("link")).unwrap();
            assert_eq!(reach.permitted(&inside.join("link")), None);
        }
        assert_eq!(Reach::Everything.permitted(&outside), Some(outside));
    }
}
