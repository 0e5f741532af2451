//! What a network is mostly used for, by its number and by words in its owner's name.

use oddtrail::NetworkKind::{self, Business, Cloud, Education, Hosting, Isp, Mobile, Relay, Tor, Unknown, Vpn};

/// Networks known by number; these win over words.
const BY_NUMBER: &[(NetworkKind, &[u32])] = &[
    (Cloud, &[
        16509, 14618, 8987, 7224, 38895, // Amazon
        8075, 8068, 8069, 12076, 3598, // Microsoft
        15169, 396982, 19527, 36040, 43515, // Google
        31898, // Oracle
        45102, 37963, 134963, // Alibaba
        132203, 45090, // Tencent
        36351, // IBM
        55990, 136907, // Huawei
        14340, // Salesforce
        200350, // Yandex.Cloud
    ]),
    (Hosting, &[
        24940, 213230, 212317, 215859, // Hetzner
        16276, 35540, // OVH
        14061, // DigitalOcean
        63949, // Linode
        20473, // Vultr
        51167, 40021, 141995, // Contabo
        60781, 28753, 30633, 16265, 7203, 59253, 396362, // Leaseweb
        9009, // M247
        60068, 212238, // Datacamp
        12876, // Scaleway
        29802, // HIVELOCITY
        8100, // QuadraNet
        36352, // HostPapa (ColoCrossing)
        53667, // FranTech (BuyVM)
        46606, 26496, 54113, 19551, 22612, // Unified Layer, GoDaddy, Fastly, Imperva, Namecheap
        8560, // IONOS
        197540, 44486, // netcup, SYNLINQ
        49981, 202425, 206264, 204428, // WorldStream, IP Volume, Amarutu, SS-Net
        47583, // Hostinger
        62240, 136787, 147049, 207137, // Clouvider, PacketHub: VPN exits among them
        25820, 35916, 21859, 55286, 13213, 20860, 42831, 58065, 34989, 32097, 33387, 62904, 46562,
        16125, 61317, 43350, 50304, 44592, 39572, 48095, 200651, 58061, 211252, 394711, 63473, 23470, 55081, 19318,
    ]),
    (Vpn, &[
        39351, 216025, // 31173 Services and Mullvad
        62371, 209103, 199218, 208172, 138233, // Proton
        397540, // Windscribe
        203619, // IVPN
    ]),
    (Tor, &[
        4224, 401370, // Calyx
        396507, // Emerald Onion
        205100, // F3 Netze
        62744, // Quintex
        208323, // Foundation for Applied Privacy
        60729, // Stiftung Erneuerbare Freiheit
        198093, // DFRI
    ]),
    (Relay, &[
        14593, // Starlink
        36183, // Akamai, iCloud Private Relay
        13335, 209242, 132892, // Cloudflare: WARP and iCloud Private Relay
        7155, // Viasat
        6621, 63062, // HughesNet
    ]),
    (Mobile, &[
        21928, 22394, 6167, 20057, 9808, // T-Mobile USA, Verizon Wireless, AT&T Mobility, China Mobile
        29465, 37148, 36873, 25135, 55836, 45609, 24560, 38266, 55644, 26599, 22085, 8374, 39603, 31213, 25159, 16345,
    ]),
    (Isp, &[
        3320, 3209, 8881, 6805, 31334, 6830, 8422, 60294, // Germany
        7922, 7018, 701, 22773, 20115, 10796, 11351, 11426, 11427, 12271, 20001, 33363, 5650, 209, 7843, // USA
        3352, 12479, 12430, 3215, 12322, 15557, 5410, 2856, 5089, 5607, 13285, 1267, 3269, 30722, 12874, 1136, 33915,
        3303, 6848, 8447, 5432, 5617, 2119, 3301, 1759, 9121, 12389, 8402, 4134, 4837, 4808, 4713, 17676, 2516,
        4766, 9318, 3786, 9829, 45899, 7552, 18403, 7713, 9299, 1221, 4804, 7545, 4771, 6327, 577, 812, 852,
        8151, 28573, 27699, 18881, 7738, 22927, 7303, 6057, 3816, 10620, 6147, 5713, 36874, 8452, 24863, 6713,
        1299, 174, 3356, 2914, 6939, 3257, 6453, 6762, 5511, 12956, 1273, 3491, // the backbones
    ]),
];

/// Whole words of a name, in the order they are tried.
const BY_WORD: &[(NetworkKind, &[&str])] = &[
    (Vpn, &["vpn", "vpns", "tefincom", "nordvpn", "expressvpn", "mullvad", "surfshark", "windscribe", "torguard"]),
    (Tor, &["torservers"]),
    (Education, &[
        "university", "universidad", "universidade", "universitaet", "universitaire", "universite", "universita",
        "universitas", "uniwersytet", "college", "school", "schools", "academy", "academic", "education", "educational",
        "institute", "politecnico", "polytechnic", "research", "nren", "edu", "univ", "k12",
    ]),
    (Hosting, &[
        "hosting", "hoster", "hosters", "host", "hosts", "hosted", "server", "servers", "serveur", "cloud", "clouds",
        "vps", "colo", "colocation", "colocrossing", "datacenter", "datacenters", "datacentre", "datacamp", "datacentar",
        "dedicated", "webhosting", "cdn", "virtual", "racks", "rack", "hostway", "hostwinds", "leaseweb", "hosteurope",
    ]),
    (Mobile, &[
        "mobile", "mobil", "mobiles", "wireless", "cellular", "celular", "mobitel", "vodafone", "gsm", "lte", "4g", "5g",
        "mobility", "mtn", "safaricom", "mtel", "cellcom", "telenor",
    ]),
    (Isp, &[
        "telecom", "telecoms", "telekom", "telecommunication", "telecommunications", "telecomunicacoes",
        "telecomunicaciones", "telefonica", "telephone", "telefon", "telia", "broadband", "cable", "cablevision",
        "internet", "isp", "fiber", "fibre", "fibra", "fiberlink", "dsl", "adsl", "ftth", "wifi", "communications",
        "communication", "comunicacoes", "comunicaciones", "telco", "telcom", "telkom", "comcast", "networks", "network",
        "net", "online", "provedor", "provedores", "banda", "larga", "wisp", "rural", "telephony", "link", "conexao",
        "connect", "telemar", "swisscom", "netcom",
    ]),
    (Business, &[
        "bank", "banco", "banque", "insurance", "hospital", "ministry", "government", "city", "county", "police",
        "federal", "department", "airlines", "airport", "pharma", "medical", "health", "holdings", "holding",
        "consulting", "software", "capital", "financial", "finance", "securities", "energy", "motors", "media",
    ]),
];

/// Parts of words that tell as well: `MyHosting`, `ServerCentral`, `Superdatacenter`.
const BY_PART: &[(NetworkKind, &[&str])] = &[
    (Vpn, &["vpn"]),
    (Education, &["universit"]),
    (Hosting, &["hosting", "datacenter", "datacentre", "cloud", "server", "vps"]),
    (Isp, &["telecom", "telekom", "telekomunik", "telecomunic", "broadband", "internet", "fibra", "fiber"]),
];

/// The kind of a network.
pub(super) fn kind(asn: u32, name: &str) -> NetworkKind {
    if let Some((kind, _)) = BY_NUMBER.iter().find(|(_, numbers)| numbers.contains(&asn)) {
        return *kind;
    }
    let name = name.to_lowercase();
    if name.contains("data center") || name.contains("data centre") {
        return Hosting;
    }
    let words: Vec<&str> = name.split(|letter: char| !letter.is_alphanumeric()).collect();
    let by_word = BY_WORD.iter().find(|(_, list)| words.iter().any(|word| list.contains(word)));
    let by_part = || BY_PART.iter().find(|(_, list)| list.iter().any(|part| name.contains(part)));
    by_word.or_else(by_part).map_or(Unknown, |(kind, _)| *kind)
}
