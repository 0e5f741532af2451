//! Real networks, so that made-up people come from addresses whose country, network and kind mean something.
//!
//! Rows were found by asking the built-in table (`src/geo`) for whole prefixes of one network; `tests/simulate.rs` asks
//! it again. To add a row: country, kind, prefixes separated by spaces, in NETWORKS; the test says if it is wrong.

use super::dice::Dice;

/// What a network is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Net {
    /// Homes and offices, IPv4.
    Isp,
    /// Homes, IPv6: a /56 stays, the rest changes daily.
    Isp6,
    /// Phones: another address each time.
    Mobile,
    /// Phones, IPv6.
    Mobile6,
    /// Rented servers.
    Hosting,
    /// VPN sold to private people.
    Vpn,
    /// Tor exits.
    Tor,
}
use Net::{Hosting, Isp, Isp6, Mobile, Mobile6, Tor, Vpn};

/// Country, kind, prefixes.
pub const NETWORKS: &[(&str, Net, &str)] = &[
    ("US", Isp, "32.71.0.0/16 76.209.0.0/16 108.81.0.0/16"), // AS7018, AT&T Enterprises, LLC
    ("US", Isp, "67.183.0.0/16 73.203.0.0/16 98.60.0.0/16"), // AS7922, Comcast Cable Communications, LLC
    ("US", Isp, "65.225.0.0/16 96.244.0.0/16 173.56.0.0/16"), // AS701, Verizon Business
    ("US", Isp, "47.7.0.0/16 68.189.0.0/16 97.90.0.0/16"), // AS20115, Charter Communications
    ("US", Isp6, "2603:e000::/32 2603:e801::/32"), // AS11492, CABLE ONE, INC.
    ("US", Isp6, "2001:558::/32 2601:81f::/32"), // AS7922, Comcast Cable Communications, LLC
    ("US", Mobile, "100.167.0.0/16 162.177.0.0/16"), // AS21928, T-Mobile USA, Inc.
    ("US", Mobile, "97.146.0.0/16 166.149.0.0/16"), // AS6167, Verizon Business
    ("US", Mobile6, "2001:4888::/32 2600:100b::/32"), // AS6167, Verizon Business
    ("US", Mobile6, "2607:fb90::/32 2607:fb98::/32"), // AS21928, T-Mobile USA, Inc.
    ("US", Hosting, "104.131.0.0/16 107.170.0.0/16"), // AS14061, DigitalOcean, LLC
    ("US", Hosting, "72.32.0.0/16 148.62.0.0/16"), // AS33070, Rackspace Hosting
    ("US", Hosting, "23.80.0.0/16 23.110.0.0/16"), // AS395954, Leaseweb USA, Inc.
    ("GB", Isp, "31.121.0.0/16 86.149.0.0/16 109.158.0.0/16"), // AS2856, British Telecommunications PLC
    ("GB", Isp, "80.192.0.0/16 82.30.0.0/16 86.30.0.0/16"), // AS5089, Virgin Media Limited
    ("GB", Isp, "5.64.0.0/16 90.212.0.0/16 151.227.0.0/16"), // AS5607, Sky UK Limited
    ("GB", Isp, "78.145.0.0/16 81.179.0.0/16 92.24.0.0/16"), // AS13285, TalkTalk Communications Limited
    ("GB", Isp6, "2001:501d::/32 2001:540e::/32"), // AS1273, Vodafone Group PLC
    ("GB", Isp6, "2a02:8801::/32 2a02:88bf::/32"), // AS5089, Virgin Media Limited
    ("GB", Mobile, "83.105.0.0/16 90.250.0.0/16"), // AS5378, Vodafone Limited
    ("GB", Mobile, "84.9.0.0/16 87.75.0.0/16"), // AS25310, Vodafone Limited
    ("GB", Mobile6, "2001:958::/32 2a01:840::/32"), // AS5378, Vodafone Limited
    ("GB", Mobile6, "2001:4be8::/32"), // AS31595, Awell-Wireless-AS Rocket Fibre Ltd
    ("GB", Hosting, "37.220.0.0/20 109.200.0.0/20"), // AS20860, IOMART CLOUD SERVICES LIMITED
    ("GB", Hosting, "77.68.0.0/18 109.228.0.0/18"), // AS8560, IONOS SE
    ("GB", Hosting, "77.72.0.0/22 151.252.0.0/22"), // AS12488, Krystal Hosting Ltd
    ("DE", Isp, "62.154.0.0/16 87.131.0.0/16 93.236.0.0/16"), // AS3320, Deutsche Telekom AG
    ("DE", Isp, "77.21.0.0/16 92.216.0.0/16 178.14.0.0/16"), // AS3209, Vodafone GmbH
    ("DE", Isp, "46.115.0.0/16 78.53.0.0/16 176.2.0.0/16"), // AS6805, Telefonica Germany GmbH & Co.OHG
    ("DE", Isp, "87.122.0.0/16 89.247.0.0/16 94.135.0.0/16"), // AS8881, 1&1 Versatel GmbH
    ("DE", Isp6, "2001:928::/32 2a00:20b::/32"), // AS3209, Vodafone GmbH
    ("DE", Isp6, "2001:1a28::/32 2a02:30df::/32"), // AS6805, Telefonica Germany GmbH & Co.OHG
    ("DE", Mobile6, "2a02:4500::/32 2a05:2a87::/32"), // AS200567, Wireless Logic mdex GmbH
    ("DE", Mobile6, "2a02:7520::/32"), // AS207234, Mobile Breitbandnetze GmbH
    ("DE", Hosting, "88.99.0.0/16 168.119.0.0/16"), // AS24940, Hetzner Online GmbH
    ("DE", Hosting, "194.195.0.0/20 212.116.0.0/20"), // AS61157, PlusServer GmbH
    ("DE", Hosting, "83.169.0.0/20 92.204.0.0/20"), // AS8972, Host Europe GmbH
    ("FR", Isp, "83.197.0.0/16 90.31.0.0/16 92.152.0.0/16"), // AS3215, Orange S.A.
    ("FR", Isp, "77.192.0.0/16 86.64.0.0/16 93.29.0.0/16"), // AS15557, Societe Francaise Du Radiotelephone - S
    ("FR", Isp, "78.222.0.0/16 82.250.0.0/16 88.185.0.0/16"), // AS12322, Free SAS
    ("FR", Isp, "87.91.0.0/16 176.142.0.0/16 176.177.0.0/16"), // AS5410, Bouygues Telecom SA
    ("FR", Isp6, "2a00:6200::/32 2a02:8440::/32"), // AS15557, Societe Francaise Du Radiotelephone - S
    ("FR", Isp6, "2a01:e00::/32 2a01:e27::/32"), // AS12322, Free SAS
    ("FR", Mobile, "37.163.0.0/16 37.172.0.0/16"), // AS51207, Free Mobile SAS
    ("FR", Mobile6, "2a0d:4040::/32 2a0d:4044::/32"), // AS35070, PS MOBILE ACCESS SASU
    ("FR", Mobile6, "2a0d:e480::/32 2a0d:e484::/32"), // AS51207, Free Mobile SAS
    ("FR", Hosting, "57.130.0.0/16 188.165.0.0/16"), // AS16276, OVH SAS
    ("FR", Hosting, "51.158.0.0/16 163.172.0.0/16"), // AS12876, Scaleway SAS
    ("FR", Hosting, "82.165.0.0/16"), // AS8560, IONOS SE
    ("NL", Isp, "77.164.0.0/16 84.86.0.0/16 188.203.0.0/16"), // AS1136, KPN B.V.
    ("NL", Isp, "80.56.0.0/16 85.147.0.0/16 213.93.0.0/16"), // AS33915, Vodafone Libertel B.V.
    ("NL", Isp, "80.111.0.0/16 94.169.0.0/16 94.171.0.0/16"), // AS6830, Liberty Global B.V.
    ("NL", Isp, "85.148.0.0/16"), // AS5390, Euronet Communications B.V.
    ("NL", Isp6, "2001:1c00::/32 2001:1d25::/32"), // AS33915, Vodafone Libertel B.V.
    ("NL", Isp6, "2001:888::/32 2a02:a437::/32"), // AS1136, KPN B.V.
    ("NL", Mobile, "78.27.0.0/18 82.204.0.0/18"), // AS15670, T-mobile Netherlands B.V.
    ("NL", Mobile6, "2a03:2ca0::/32 2a0c:8683::/32"), // AS59865, Ivent Mobile bv
    ("NL", Mobile6, "2a0c:c100::/32 2a0c:c104::/32"), // AS51857, MTel B.V.
    ("NL", Hosting, "85.17.0.0/16 95.211.0.0/16"), // AS60781, LeaseWeb Netherlands B.V.
    ("NL", Hosting, "95.85.0.0/18 188.166.0.0/18"), // AS14061, DigitalOcean, LLC
    ("NL", Hosting, "23.111.0.0/22 194.5.0.0/22"), // AS7979, Servers.com, Inc.
    ("ES", Isp, "79.156.0.0/16 83.47.0.0/16 95.120.0.0/16"), // AS3352, TELEFONICA DE ESPANA S.A.U.
    ("ES", Isp, "84.76.0.0/16 87.222.0.0/16 95.16.0.0/16"), // AS12479, Orange Espagne SA
    ("ES", Isp, "47.58.0.0/16 84.120.0.0/16 151.182.0.0/16"), // AS12430, VODAFONE ESPANA S.A.U.
    ("ES", Isp, "46.6.0.0/16 46.222.0.0/16 212.230.0.0/16"), // AS15704, XTRA TELECOM S.A.
    ("ES", Isp6, "2a02:9000::/32 2a02:9104::/32"), // AS3352, TELEFONICA DE ESPANA S.A.U.
    ("ES", Isp6, "2a00:8a80::/32 2a04:3303::/32"), // AS29119, AIRE NETWORKS DEL MEDITERRANEO SL UNIPE
    ("ES", Mobile, "81.61.0.0/16 85.251.0.0/16"), // AS6739, VODAFONE ONO, S.A.
    ("ES", Mobile6, "2a02:a800::/32 2a02:a820::/32"), // AS6739, VODAFONE ONO, S.A.
    ("ES", Mobile6, "2a00:8f00::/32"), // AS16349, Fon Wireless LTD
    ("ES", Hosting, "82.223.0.0/16"), // AS8560, IONOS SE
    ("ES", Hosting, "85.238.0.0/20"), // AS41721, Cartagon AX Cloud SL
    ("ES", Hosting, "93.174.0.0/22"), // AS48348, Cloud Builders SA
    ("IT", Isp, "79.27.0.0/16 85.35.0.0/16 95.233.0.0/16"), // AS3269, Telecom Italia S.p.A.
    ("IT", Isp, "94.165.0.0/16 151.38.0.0/16 151.74.0.0/16"), // AS1267, WIND TRE S.P.A.
    ("IT", Isp, "2.46.0.0/16 37.183.0.0/16 109.119.0.0/16"), // AS30722, Vodafone Italia S.p.A.
    ("IT", Isp, "2.232.0.0/16 93.38.0.0/16 93.55.0.0/16"), // AS12874, Fastweb SpA
    ("IT", Isp6, "2a01:2000::/32 2a01:2800::/32"), // AS3269, Telecom Italia S.p.A.
    ("IT", Isp6, "2a02:b000::/32 2a02:b100::/32"), // AS1267, WIND TRE S.P.A.
    ("IT", Mobile, "37.164.0.0/16"), // AS51207, Free Mobile SAS
    ("IT", Mobile6, "2a0c:9d00::/32 2a0c:9d04::/32"), // AS49979, LA Wireless Srl
    ("IT", Mobile6, "2a04:7b00::/32 2a04:7b04::/32"), // AS203848, Wireless Group Communications S.r.l.
    ("IT", Hosting, "46.28.0.0/22 185.81.0.0/22"), // AS52030, Server Plan S.r.l.
    ("IT", Hosting, "185.214.0.0/22"), // AS214169, Cloudfire s.r.l.
    ("PL", Isp, "79.163.0.0/16 83.11.0.0/16 178.43.0.0/16"), // AS5617, Orange Polska Spolka Akcyjna
    ("PL", Isp, "94.40.0.0/16"), // AS20960, TK Telekom sp. z o.o.
    ("PL", Isp, "77.45.0.0/18"), // AS35191, ASTA-NET S.A.
    ("PL", Isp, "89.161.0.0/18"), // AS39375, Telekomunikacja Podlasie Sp. z o.o.
    ("PL", Isp6, "2a00:f40::/32 2a01:1404::/32"), // AS5617, Orange Polska Spolka Akcyjna
    ("PL", Isp6, "2a10:da40::/32 2a10:dd40::/32"), // AS55201, SkyQuantum Internet Service
    ("PL", Mobile, "46.204.0.0/16 178.183.0.0/16"), // AS12912, T-Mobile Polska S.A.
    ("PL", Mobile, "31.175.0.0/16 164.126.0.0/16"), // AS39603, P4 Sp. z o.o.
    ("PL", Mobile6, "2a01:2e0::/32 2a01:2e8::/32"), // AS8374, Polkomtel Sp. z o.o.
    ("PL", Mobile6, "2001:1b80::/32 2001:1b84::/32"), // AS12912, T-Mobile Polska S.A.
    ("PL", Hosting, "151.115.0.0/18"), // AS12876, Scaleway SAS
    ("PL", Hosting, "146.59.0.0/22"), // AS16276, OVH SAS
    ("PL", Hosting, "62.181.0.0/20"), // AS21244, Warsaw Data Center Sp. z o.o.
    ("SE", Isp, "78.72.0.0/16 90.233.0.0/16 194.218.0.0/16"), // AS3301, Telia Company AB
    ("SE", Isp, "131.115.0.0/16 131.116.0.0/16"), // AS1729, Telia Company AB
    ("SE", Isp, "81.91.0.0/20"), // AS197308, Telia Cygate AB
    ("SE", Isp, "92.39.0.0/20"), // AS25176, AC-Net Externservice AB
    ("SE", Isp6, "2a02:cf00::/32 2a02:d444::/32"), // AS51747, Internet Vikings International AB
    ("SE", Isp6, "2a02:2a48::/32 2a10:dd03::/32"), // AS202395, Fiberaccessbolaget i Sverige AB
    ("SE", Mobile, "83.227.0.0/16 138.14.0.0/16"), // AS8434, Telenor Sverige AB
    ("SE", Mobile, "37.247.0.0/20 109.104.0.0/20"), // AS33885, Telenor Sverige AB
    ("SE", Mobile6, "2a02:1400::/32 2a02:1421::/32"), // AS8434, Telenor Sverige AB
    ("SE", Mobile6, "2a09:1c80::/32 2a09:1c84::/32"), // AS205166, Mobile Links Europe AB
    ("SE", Hosting, "146.75.0.0/18"), // AS54113, Fastly, Inc.
    ("IE", Isp, "46.7.0.0/16 89.100.0.0/16 109.255.0.0/16"), // AS6830, Liberty Global B.V.
    ("IE", Isp, "51.182.0.0/16 51.186.0.0/16 51.187.0.0/16"), // AS5607, Sky UK Limited
    ("IE", Isp, "78.16.0.0/16"), // AS2110, BT Communications Ireland Limited
    ("IE", Isp, "87.198.0.0/16"), // AS34245, Magnet Networks Limited
    ("IE", Isp6, "2a01:a8::/32 2a0d:1f02::/32"), // AS39122, Blacknight Internet Solutions Limited
    ("IE", Isp6, "2001:7c8::/32 2001:7cc::/32"), // AS2110, BT Communications Ireland Limited
    ("IE", Mobile, "93.107.0.0/16 109.78.0.0/16"), // AS15502, Vodafone Ireland Limited
    ("IE", Mobile6, "2a04:d5c0::/32 2a04:d5c4::/32"), // AS62129, Wireless Connect Ltd.
    ("IE", Mobile6, "2a06:1c00::/32 2a06:1c04::/32"), // AS204458, Hispeed Wireless Broadband Ltd
    ("PT", Isp, "37.189.0.0/16 85.245.0.0/16 188.82.0.0/16"), // AS3243, MEO - SERVICOS DE COMUNICACOES E MULTIM
    ("PT", Isp, "85.138.0.0/16 89.181.0.0/16 109.48.0.0/16"), // AS2860, NOS COMUNICACOES, S.A.
    ("PT", Isp, "84.90.0.0/16 84.91.0.0/16 217.129.0.0/16"), // AS13156, NOWO COMMUNICATIONS, S.A.
    ("PT", Isp, "89.214.0.0/16"), // AS42863, MEO - SERVICOS DE COMUNICACOES E MULTIM
    ("PT", Isp6, "2001:1588::/32 2a01:c::/32"), // AS2860, NOS COMUNICACOES, S.A.
    ("PT", Isp6, "2a02:818::/32 2a09:2847::/32"), // AS15525, MEO - SERVICOS DE COMUNICACOES E MULTIM
    ("PT", Mobile, "93.108.0.0/16 148.71.0.0/16"), // AS12353, Vodafone Portugal - Communicacoes Pesso
    ("PT", Mobile6, "2001:818::/32 2001:81c::/32"), // AS12353, Vodafone Portugal - Communicacoes Pesso
    ("CH", Isp, "83.78.0.0/16 138.190.0.0/16 188.60.0.0/16"), // AS3303, Swisscom (Schweiz) AG
    ("CH", Isp, "138.222.0.0/18"), // AS3320, Deutsche Telekom AG
    ("CH", Isp, "178.83.0.0/22"), // AS7029, Windstream Communications LLC
    ("CH", Isp, "62.48.0.0/20"), // AS8271, Internet Business Solutions AG
    ("CH", Isp6, "2001:918::/32 2a02:1212::/32"), // AS3303, Swisscom (Schweiz) AG
    ("CH", Isp6, "2a01:760::/32 2a01:8b80::/32"), // AS8821, WWZ Telekom AG
    ("CH", Mobile, "51.154.0.0/16"), // AS15796, Salt Mobile SA
    ("CH", Mobile6, "2a04:ee40::/32 2a04:ee44::/32"), // AS15796, Salt Mobile SA
    ("CH", Mobile6, "2001:3b00::/32 2001:3b04::/32"), // AS214358, MTEL Schweiz GmbH
    ("IN", Isp, "59.183.0.0/16 117.217.0.0/16 117.247.0.0/16"), // AS9829, Bharat Sanchar Nigam Ltd
    ("IN", Isp, "14.143.0.0/16 115.119.0.0/16 203.197.0.0/16"), // AS4755, Tata Communications Limited
    ("IN", Isp, "115.250.0.0/16 123.237.0.0/16 220.225.0.0/16"), // AS18101, Reliance Communications Limited
    ("IN", Isp, "27.6.0.0/16 115.98.0.0/16 116.74.0.0/16"), // AS17488, HATHWAY CABLE AND DATACOM LIMITED
    ("IN", Isp6, "2409:0::/32 240a:e7fb::/32"), // AS148000, National Knowledge Network
    ("IN", Isp6, "2402:5c80::/32 2406:b580::/32"), // AS132296, Seven Star Digital Network Private Limi
    ("IN", Mobile, "49.39.0.0/16 157.38.0.0/16"), // AS55836, Reliance Jio Infocomm Limited
    ("IN", Mobile, "106.198.0.0/16 223.225.0.0/16"), // AS45609, Bharti Airtel Limited
    ("IN", Mobile6, "2405:200::/32 2409:420f::/32"), // AS55836, Reliance Jio Infocomm Limited
    ("IN", Mobile6, "2404:7b00::/32"), // AS45243, F/X Wireless Technology Solutions Pvt L
    ("IN", Hosting, "139.59.0.0/18"), // AS14061, DigitalOcean, LLC
    ("IN", Hosting, "139.144.0.0/20 172.235.0.0/20"), // AS63949, Akamai Technologies, Inc.
    ("IN", Hosting, "200.141.0.0/20"), // AS47583, Hostinger International Limited
    ("JP", Isp, "60.148.0.0/16 126.185.0.0/16 220.26.0.0/16"), // AS17676, SoftBank Corp.
    ("JP", Isp, "114.181.0.0/16 153.173.0.0/16 180.59.0.0/16"), // AS4713, NTT Communications Corporation
    ("JP", Isp, "59.136.0.0/16 111.102.0.0/16 175.130.0.0/16"), // AS2516, KDDI CORPORATION
    ("JP", Isp, "58.159.0.0/16 122.218.0.0/16 221.242.0.0/16"), // AS17506, ARTERIA Networks Corporation
    ("JP", Isp6, "2400:2000::/32 2400:2880::/32"), // AS17676, SoftBank Corp.
    ("JP", Isp6, "2400:4000::/32 2400:4200::/32"), // AS4713, NTT Communications Corporation
    ("JP", Mobile, "157.192.0.0/16"), // AS138384, Rakuten Mobile, Inc.
    ("JP", Mobile, "203.216.0.0/18"), // AS23720, Rakuten Mobile, Inc.
    ("JP", Mobile6, "240b:c000::/32 240b:c080::/32"), // AS138384, Rakuten Mobile, Inc.
    ("JP", Mobile6, "2407:cc00::/32"), // AS6660, VODAFONE ENTERPRISE EQUIPMENT LIMITED
    ("JP", Hosting, "153.115.0.0/16"), // AS131965, Xserver Inc.
    ("JP", Hosting, "172.237.0.0/20 172.238.0.0/20"), // AS63949, Akamai Technologies, Inc.
    ("JP", Hosting, "103.119.0.0/22"), // AS55933, Cloudie Limited
    ("SG", Isp, "116.86.0.0/16 116.88.0.0/16 218.212.0.0/16"), // AS55430, Starhub Internet Pte Ltd
    ("SG", Isp, "119.74.0.0/16 121.6.0.0/16 121.7.0.0/16"), // AS9506, Singapore Telecommunications Ltd, Magix
    ("SG", Isp, "129.126.0.0/16"), // AS17547, M1 NET LTD
    ("SG", Isp, "43.109.0.0/16"), // AS24429, Zhejiang Taobao Network Co.,Ltd
    ("SG", Isp6, "2401:3d00::/32 2401:3d08::/32"), // AS17547, M1 NET LTD
    ("SG", Isp6, "2a0a:ce00::/32 2a0a:ce04::/32"), // AS137409, GSL Networks Pty LTD
    ("SG", Mobile, "119.234.0.0/18"), // AS45143, Singapore Telecom Mobile Pte Ltd
    ("SG", Mobile6, "2400:1c00::/32"), // AS45143, Singapore Telecom Mobile Pte Ltd
    ("SG", Hosting, "5.222.0.0/16"), // AS24940, Hetzner Online GmbH
    ("SG", Hosting, "5.223.0.0/16"), // AS215859, Hetzner Online GmbH
    ("SG", Hosting, "159.65.0.0/20"), // AS14061, DigitalOcean, LLC
    ("AU", Isp, "1.153.0.0/16 110.143.0.0/16 143.238.0.0/16"), // AS1221, Telstra Limited
    ("AU", Isp, "49.182.0.0/16 110.20.0.0/16 175.38.0.0/16"), // AS4804, SingTel Optus Pty Ltd
    ("AU", Isp, "27.32.0.0/16 110.175.0.0/16 220.235.0.0/16"), // AS7545, TPG Internet Pty Ltd
    ("AU", Isp, "144.6.0.0/16 157.211.0.0/16 159.196.0.0/16"), // AS4764, Wideband Networks Pty Ltd
    ("AU", Isp6, "2001:8000::/32 2001:8800::/32"), // AS1221, Telstra Limited
    ("AU", Isp6, "2401:f80::/32 2403:5811::/32"), // AS4764, Wideband Networks Pty Ltd
    ("AU", Mobile, "101.116.0.0/16 120.20.0.0/16"), // AS133612, Vodafone Australia Pty Ltd
    ("AU", Mobile, "202.47.0.0/22"), // AS24446, 5G NETWORK OPERATIONS PTY LTD
    ("AU", Mobile6, "2001:e20::/32"), // AS17435, Vodafone Next Generation Services Limit
    ("AU", Mobile6, "2403:1400::/32"), // AS24446, 5G NETWORK OPERATIONS PTY LTD
    ("AU", Hosting, "223.252.0.0/18"), // AS45671, Servers Australia Pty. Ltd
    ("AU", Hosting, "113.20.0.0/20"), // AS35916, MULTACOM CORPORATION
    ("AU", Hosting, "113.52.0.0/20"), // AS45481, Digital Sense Hosting Pty Ltd
    ("BR", Isp, "179.138.0.0/16 187.3.0.0/16 191.178.0.0/16"), // AS28573, Claro NXT Telecomunicacoes Ltda
    ("BR", Isp, "177.98.0.0/16 179.182.0.0/16 191.32.0.0/16"), // AS18881, TELEFONICA BRASIL S.A
    ("BR", Isp, "177.139.0.0/16 189.68.0.0/16 201.27.0.0/16"), // AS27699, TELEFONICA BRASIL S.A
    ("BR", Isp, "187.8.0.0/16 189.20.0.0/16 201.28.0.0/16"), // AS10429, TELEFONICA BRASIL S.A
    ("BR", Isp6, "2804:13c::/32 2804:d47::/32"), // AS7738, V tal
    ("BR", Isp6, "2a05:e600::/32 2a05:e604::/32"), // AS212786, DIGITAL NETWORK S.R.L.
    ("BR", Mobile, "177.175.0.0/16 187.118.0.0/16"), // AS26599, TELEFONICA BRASIL S.A
    ("BR", Mobile, "179.242.0.0/16 189.94.0.0/16"), // AS22085, Claro S/A
    ("BR", Mobile6, "2804:388::/32 2804:38a::/32"), // AS22085, Claro S/A
    ("BR", Mobile6, "2804:54a0::/32"), // AS27688, Winfnet Telecom Wireless Ltda
    ("BR", Hosting, "201.84.0.0/16"), // AS13878, Scala Data Centers
    ("BR", Hosting, "187.127.0.0/18"), // AS47583, Hostinger International Limited
    ("BR", Hosting, "179.190.0.0/18"), // AS52925, Ascenty Data Centers e Telecomunicacoes
    ("CA", Isp, "69.159.0.0/16 142.113.0.0/16 174.89.0.0/16"), // AS577, Bell Canada
    ("CA", Isp, "24.82.0.0/16 70.65.0.0/16 174.3.0.0/16"), // AS6327, Shaw Communications
    ("CA", Isp, "99.209.0.0/16 99.237.0.0/16 173.35.0.0/16"), // AS812, Rogers Communications Canada Inc.
    ("CA", Isp, "66.183.0.0/16 155.10.0.0/16 207.6.0.0/16"), // AS852, TELUS Communications Inc.
    ("CA", Isp6, "2600:1600::/32 2600:1680::/32"), // AS40788, Start Communications
    ("CA", Isp6, "2600:dc00::/32 2600:dc08::/32"), // AS7057, Managed Network Systems Inc.
    ("CA", Mobile6, "2605:5ac0::/32"), // AS1076, TNC Wireless Limited
    ("CA", Mobile6, "2607:ef80::/32"), // AS22060, Netspectrum Wireless Internet Solutions
    ("CA", Hosting, "51.161.0.0/16 158.69.0.0/16"), // AS16276, OVH SAS
    ("CA", Hosting, "174.142.0.0/16 184.107.0.0/16"), // AS32613, Leaseweb Canada Inc.
    ("CA", Hosting, "142.171.0.0/16"), // AS35916, MULTACOM CORPORATION
    ("MX", Isp, "187.154.0.0/16 189.157.0.0/16 201.101.0.0/16"), // AS8151, Uninet S.A. de C.V.
    ("MX", Isp, "177.227.0.0/16 187.241.0.0/16 187.247.0.0/16"), // AS13999, Mega Cable, S.A. de C.V.
    ("MX", Isp, "170.25.0.0/16 187.186.0.0/16"), // AS13591, Mexico Red de Telecomunicaciones, S. de
    ("MX", Isp, "201.141.0.0/16"), // AS28548, Cablevision, S.A. de C.V.
    ("MX", Isp6, "2001:1208::/32 2806:106e::/32"), // AS8151, Uninet S.A. de C.V.
    ("MX", Isp6, "2806:33c::/32 2806:3ae::/32"), // AS265587, HULUX TELECOMUNICACIONES
    ("MX", Mobile6, "2a0a:ba00::/32 2a0a:ba04::/32"), // AS996, JY Mobile Communications
    ("MX", Mobile6, "2806:40f::/32"), // AS272334, AS272334 - DISENO EN REDES DE DATOS VIL
    ("ZA", Isp, "102.250.0.0/16 165.11.0.0/16 165.165.0.0/16"), // AS5713, Telkom SA Ltd.
    ("ZA", Isp, "105.185.0.0/16 105.225.0.0/16 105.229.0.0/16"), // AS37457, Telkom SA Ltd.
    ("ZA", Isp, "196.58.0.0/16 196.59.0.0/16"), // AS37518, Fiber Grid INC
    ("ZA", Isp, "102.39.0.0/16 197.245.0.0/16"), // AS11845, Vox Telecom Ltd
    ("ZA", Isp6, "2a0c:640::/32 2a0c:f484::/32"), // AS328543, Sun Network Company Limited
    ("ZA", Isp6, "2a0a:c600::/32 2a0a:c604::/32"), // AS132372, GB Network Solutions Sdn. Bhd.
    ("ZA", Mobile, "105.213.0.0/16 197.64.0.0/16"), // AS16637, MTN SA
    ("ZA", Mobile, "41.116.0.0/16 197.65.0.0/16"), // AS12091, MTN SA
    ("ZA", Mobile6, "2001:4218::/32 2001:4260::/32"), // AS16637, MTN SA
    ("ZA", Mobile6, "2c0f:6280::/32"), // AS328016, Netdirect Wireless Technology (Pty) Ltd
    ("IL", Isp, "31.154.0.0/16 83.130.0.0/16 176.229.0.0/16"), // AS12400, Partner Communications Ltd.
    ("IL", Isp, "5.29.0.0/16 37.142.0.0/16 213.57.0.0/16"), // AS12849, Hot-Net internet services Ltd.
    ("IL", Isp, "94.195.0.0/16 188.223.0.0/16"), // AS22773, Cox Communications Inc.
    ("IL", Isp, "66.9.0.0/20"), // AS12975, Palestine Telecommunications Company (P
    ("IL", Isp6, "2a06:9a40::/32 2a06:9a44::/32"), // AS8948, 099 PRIMO COMMUNICATIONS LTD
    ("IL", Isp6, "2a00:a040::/32 2a00:a044::/32"), // AS12849, Hot-Net internet services Ltd.
    ("IL", Mobile, "85.64.0.0/16 176.13.0.0/16"), // AS1680, Cellcom Fixed Line Communication L.P
    ("IL", Mobile6, "2001:4df0::/32 2a02:149::/32"), // AS1680, Cellcom Fixed Line Communication L.P
    ("IL", Mobile6, "2a01:73c0::/32"), // AS21450, HOT Mobile Ltd.
    ("IL", Hosting, "109.226.0.0/18"), // AS50463, Triple C Cloud Computing Ltd.
    ("RO", Isp, "46.214.0.0/16 94.53.0.0/16 188.173.0.0/16"), // AS48161, NEXTGEN COMMUNICATIONS SRL
    ("RO", Isp, "89.18.0.0/20"), // AS39737, Prime Telecom srl
    ("RO", Isp, "85.9.0.0/18"), // AS5606, GTS Telecom SRL
    ("RO", Isp, "80.97.0.0/20"), // AS21294, CLOUDSYS TELECOM SRL
    ("RO", Isp6, "2a06:a740::/32 2a09:1404::/32"), // AS42423, Bitway Telecom SRL
    ("RO", Isp6, "2a00:ece0::/32 2a04:6c87::/32"), // AS6718, NAV COMMUNICATIONS SRL
    ("RO", Mobile, "78.97.0.0/16 95.77.0.0/16"), // AS12302, Vodafone Romania S.A.
    ("RO", Mobile, "178.138.0.0/16"), // AS35725, TELEKOM ROMANIA MOBILE COMMUNICATIONS S
    ("RO", Mobile6, "2a01:878::/32 2a04:240f::/32"), // AS12302, Vodafone Romania S.A.
    ("RO", Mobile6, "2a0c:7480::/32"), // AS5588, T-Mobile Czech Republic a.s.
    ("CZ", Isp, "85.255.0.0/20"), // AS24806, INTERNET CZ, a.s.
    ("CZ", Isp, "95.47.0.0/20"), // AS44546, ALFA TELECOM s.r.o.
    ("CZ", Isp, "91.245.0.0/22"), // AS50398, -
    ("CZ", Isp, "178.17.0.0/20"), // AS50825, UVT Internet s.r.o.
    ("CZ", Isp6, "2a09:380::/32 2a0a:f0c4::/32"), // AS204860, NetX Networks a.s.
    ("CZ", Isp6, "2a02:17a4::/32 2a03:2a86::/32"), // AS47232, ISP Alliance a.s.
    ("CZ", Mobile, "78.44.0.0/16 89.177.0.0/16"), // AS16019, Vodafone Czech Republic a.s.
    ("CZ", Mobile, "89.24.0.0/16 194.108.0.0/16"), // AS13036, T-Mobile Czech Republic a.s.
    ("CZ", Mobile6, "2001:36c0::/32 2a02:830b::/32"), // AS16019, Vodafone Czech Republic a.s.
    ("CZ", Mobile6, "2001:af0::/32 2001:b87::/32"), // AS13036, T-Mobile Czech Republic a.s.
    ("AR", Isp, "181.28.0.0/16 181.170.0.0/16 190.224.0.0/16"), // AS7303, Telecom Argentina S.A.
    ("AR", Isp, "181.24.0.0/16 186.135.0.0/16 191.83.0.0/16"), // AS22927, Telefonica de Argentina
    ("AR", Isp, "181.117.0.0/16 186.13.0.0/16 186.158.0.0/16"), // AS11664, Techtel LMDS Comunicaciones Interactiva
    ("AR", Isp, "200.70.0.0/16 209.13.0.0/16"), // AS10834, Telefonica de Argentina
    ("AR", Isp6, "2001:13d0::/32 2800:27fd::/32"), // AS7303, Telecom Argentina S.A.
    ("AR", Isp6, "2803:860::/32 2803:9e00::/32"), // AS52399, Alvarez Cable Hogar S.A.
    ("AR", Mobile6, "2803:7e40::/32"), // AS264619, Wireless Provider
    ("AR", Mobile6, "2803:cd40::/32"), // AS264675, GRAMAGLIA VIVIANA MONICA (PC-Online Wir
    ("PH", Isp, "49.150.0.0/16 112.210.0.0/16 124.105.0.0/16"), // AS9299, Philippine Long Distance Telephone Co.
    ("PH", Isp, "27.108.0.0/16 121.96.0.0/16 121.97.0.0/16"), // AS6648, Sky Internet
    ("PH", Isp, "27.49.0.0/16 113.19.0.0/16"), // AS17639, ComClark Network & Technology Corp
    ("PH", Isp, "180.232.0.0/16"), // AS9658, Eastern Telecommunications Philippines,
    ("PH", Isp6, "2001:4450::/32 2001:4454::/32"), // AS9299, Philippine Long Distance Telephone Co.
    ("PH", Isp6, "2407:9800::/32 2407:9804::/32"), // AS10139, Smart Broadband, Inc.
    ("AT", Isp, "62.46.0.0/16 93.82.0.0/16 188.23.0.0/16"), // AS8447, A1 Telekom Austria AG
    ("AT", Isp, "83.215.0.0/16"), // AS8445, SALZBURG AG fur Energie, Verkehr und Te
    ("AT", Isp, "164.3.0.0/16"), // AS8387, Deutsche Telekom Global Business Soluti
    ("AT", Isp, "82.103.0.0/18"), // AS1764, Next Layer Telekommunikationsdienstleis
    ("AT", Isp6, "2a01:190::/32 2a04:147::/32"), // AS1764, Next Layer Telekommunikationsdienstleis
    ("AT", Isp6, "2001:850::/32 2001:890::/32"), // AS8447, A1 Telekom Austria AG
    ("AT", Mobile, "80.110.0.0/16 85.126.0.0/16"), // AS8412, T-Mobile Austria GmbH
    ("AT", Mobile6, "2001:4bc8::/32 2a02:8388::/32"), // AS8412, T-Mobile Austria GmbH
    ("AT", Hosting, "152.53.0.0/22"), // AS197540, netcup GmbH
    ("DK", Isp, "213.132.0.0/20"), // AS20618, Info-Connect A/S
    ("DK", Isp, "185.140.0.0/22"), // AS204141, K-Net Forening
    ("DK", Isp, "85.191.0.0/18"), // AS204274, Aura Fiber OE A/S
    ("DK", Isp6, "2a02:5c20::/32 2a0a:4144::/32"), // AS60111, ASOM-Net Forening
    ("DK", Isp6, "2a03:5440::/32 2a03:5444::/32"), // AS42541, Fiberby ApS
    ("DK", Mobile, "77.212.0.0/16 94.148.0.0/16"), // AS9158, Telenor A/S
    ("DK", Mobile6, "2001:1580::/32 2a02:2a33::/32"), // AS9158, Telenor A/S
    ("DK", Mobile6, "2a0d:4b80::/32 2a0d:4b84::/32"), // AS210031, Greenwave Mobile IoT ApS
    ("FI", Isp, "85.78.0.0/16 94.22.0.0/16 194.241.0.0/16"), // AS719, RIPE Network Coordination Centre
    ("FI", Isp, "84.248.0.0/16 140.151.0.0/16 194.137.0.0/16"), // AS1759, Telia Finland Oyj
    ("FI", Isp, "93.183.0.0/22 131.228.0.0/22"), // AS8983, Nokia Solutions and Networks Oy
    ("FI", Isp, "188.117.0.0/18"), // AS29422, Telia Cygate Oy
    ("FI", Isp6, "2001:998::/32 2001:1658::/32"), // AS719, RIPE Network Coordination Centre
    ("FI", Isp6, "2001:1bc8::/32 2a01:51c0::/32"), // AS29422, Telia Cygate Oy
    ("FI", Hosting, "37.27.0.0/16 95.216.0.0/16"), // AS24940, Hetzner Online GmbH
    ("FI", Hosting, "164.138.0.0/22"), // AS51765, Oy Crea Nova Hosting Solution Ltd
    ("NO", Isp, "46.157.0.0/16 88.92.0.0/16 155.227.0.0/16"), // AS2119, Telenor Norge AS
    ("NO", Isp, "84.210.0.0/16 89.9.0.0/16 159.58.0.0/16"), // AS25400, Telia Norge AS
    ("NO", Isp, "85.200.0.0/16"), // AS8542, Eviny Fiber AS
    ("NO", Isp, "94.246.0.0/18 152.65.0.0/18 178.164.0.0/18"), // AS34087, NTE TELEKOM AS
    ("NO", Isp6, "2001:4600::/32 2001:468b::/32"), // AS2119, Telenor Norge AS
    ("NO", Isp6, "2001:2020::/32 2a02:fe7::/32"), // AS25400, Telia Norge AS
    ("NO", Mobile6, "2403:d300::/32 2a02:2b4b::/32"), // AS15932, TELENOR LINX AS
    ("NO", Mobile6, "2a04:6540::/32 2a04:6544::/32"), // AS200168, Telenor Norge AS
    ("BE", Isp, "81.241.0.0/16 91.182.0.0/16 178.144.0.0/16"), // AS5432, Proximus NV
    ("BE", Isp, "81.83.0.0/16 84.199.0.0/16 178.119.0.0/16"), // AS6848, Telenet BV
    ("BE", Isp, "37.143.0.0/22"), // AS2856, British Telecommunications PLC
    ("BE", Isp, "86.39.0.0/18"), // AS50083, Hermes Telecom BVBA
    ("BE", Isp6, "2a00:1cf8::/32 2a02:187f::/32"), // AS6848, Telenet BV
    ("BE", Isp6, "2a02:a000::/32 2a02:a028::/32"), // AS5432, Proximus NV
    ("KR", Isp, "39.21.0.0/16 119.220.0.0/16 183.118.0.0/16"), // AS4766, Korea Telecom
    ("KR", Isp, "39.120.0.0/16 118.220.0.0/16 218.39.0.0/16"), // AS9318, SK Broadband Co Ltd
    ("KR", Isp, "27.177.0.0/16 42.43.0.0/16 223.47.0.0/16"), // AS9644, SK Telecom
    ("KR", Isp, "1.219.0.0/16 106.246.0.0/16 118.131.0.0/16"), // AS3786, LG DACOM Corporation
    ("KR", Isp6, "2400:e1::/32 2400:156::/32"), // AS4766, Korea Telecom
    ("KR", Isp6, "2001:3a8::/32 2001:cf0::/32"), // AS9848, SEJONG NETWORKS
    ("KR", Hosting, "129.227.0.0/20"), // AS21859, Zenlayer Inc
    ("KR", Hosting, "175.158.0.0/20"), // AS23576, NAVER Cloud Corp.
    ("KR", Hosting, "211.56.0.0/22"), // AS45974, NHNCLOUD
    ("RU", Isp, "46.61.0.0/16 178.47.0.0/16"), // AS12389, PJSC Rostelecom
    ("RU", Isp, "37.146.0.0/16 95.29.0.0/16"), // AS8402, PJSC Vimpelcom
    ("RU", Isp6, "2a00:1640::/32 2a0c:d380::/32"), // AS12389, PJSC Rostelecom
    ("RU", Mobile, "128.71.0.0/16"), // AS16345, PJSC Vimpelcom
    ("RU", Mobile, "92.36.0.0/18"), // AS12958, T2 Mobile LLC
    ("RU", Mobile6, "2a0a:1b00::/32 2a0a:1b04::/32"), // AS51892, OOO VTC-MOBILE
    ("RU", Hosting, "176.119.0.0/22"), // AS206805, LLC T1Cloud
    ("CN", Isp, "106.57.0.0/16 180.139.0.0/16"), // AS4134, Chinanet
    ("CN", Isp, "61.176.0.0/16 124.132.0.0/16"), // AS4837, CHINA UNICOM China169 Backbone
    ("CN", Isp6, "2401:3880::/32 2401:4180::/32"), // AS59016, China Broadcast Henan Network Co., Ltd
    ("CN", Mobile, "39.139.0.0/16 117.191.0.0/16"), // AS9808, China Mobile
    ("CN", Mobile, "39.183.0.0/16 117.149.0.0/16"), // AS56041, China Mobile Communications Corporation
    ("CN", Mobile6, "2401:1320::/32 2409:87e2::/32"), // AS9808, China Mobile
    ("CN", Hosting, "182.151.0.0/18"), // AS38283, CHINANET SiChuan Telecom Internet Data 
    ("CN", Hosting, "110.43.0.0/20 120.131.0.0/20"), // AS59019, Beijing Kingsoft Cloud Internet Technol
    ("NG", Isp, "41.58.0.0/16 129.18.0.0/16"), // AS36923, SWIFT NETWORKS LIMITED
    ("NG", Isp, "154.113.0.0/16"), // AS37282, Main one Cable Company Nigeria Limited
    ("NG", Isp6, "2c0f:e830::/32"), // AS36923, SWIFT NETWORKS LIMITED
    ("NG", Mobile, "102.90.0.0/16 102.94.0.0/16"), // AS29465, MTN NIGERIA Communication limited
    ("NG", Mobile, "105.115.0.0/16 105.119.0.0/16"), // AS36873, Airtel Networks Limited
    ("NG", Mobile6, "2c0f:26c0::/32 2c0f:26c8::/32"), // AS328585, MegaMore Wireless Broadband Limited
    ("NG", Hosting, "102.217.0.0/22"), // AS329001, Kasi Cloud Limited
    ("VN", Isp, "14.188.0.0/16 113.181.0.0/16"), // AS45899, VNPT Corp
    ("VN", Isp, "115.72.0.0/16 171.238.0.0/16"), // AS7552, Viettel Group
    ("VN", Isp6, "2405:4800::/32 2405:4802::/32"), // AS18403, FPT Telecom Company
    ("VN", Mobile6, "2401:77a0::/32"), // AS45546, Gtel Mobile Joint Stock Company
    ("VN", Hosting, "103.29.0.0/22"), // AS140815, HTTVSERVER TECHNOLOGY COMPANY LIMITED
    ("ID", Isp, "39.214.0.0/16 114.122.0.0/16"), // AS23693, PT. Telekomunikasi Selular
    ("ID", Isp, "36.80.0.0/16 125.167.0.0/16"), // AS7713, Telekomunikasi Indonesia (PT)
    ("ID", Isp6, "2405:a740::/32 2407:6f40::/32"), // AS58820, APIK Media Networks
    ("ID", Mobile, "114.79.0.0/18"), // AS18004, PT WIRELESS INDONESIA ( WIN )
    ("ID", Mobile, "118.82.0.0/22"), // AS38146, DIGITAL WIRELESS INDONESIA PT.
    ("ID", Mobile6, "2406:b480::/32"), // AS38146, DIGITAL WIRELESS INDONESIA PT.
    ("ID", Hosting, "31.59.0.0/22"), // AS9009, M247 Europe SRL
    ("TR", Isp, "78.189.0.0/16 88.252.0.0/16"), // AS9121, Turk Telekomunikasyon Anonim Sirketi
    ("TR", Isp, "90.158.0.0/16"), // AS9021, Is Net Elektonik Bilgi Uretim Dagitim T
    ("TR", Isp6, "2a02:d9c0::/32 2a04:b600::/32"), // AS3188, Alastyr Telekomunikasyon A.S.
    ("TR", Mobile, "5.177.0.0/16 176.30.0.0/16"), // AS20978, TT Mobil Iletisim Hizmetleri A.S
    ("TR", Mobile, "46.155.0.0/16 176.219.0.0/16"), // AS15897, Vodafone Telekomunikasyon A.S.
    ("TR", Mobile6, "2a02:2010::/32 2a02:2014::/32"), // AS20978, TT Mobil Iletisim Hizmetleri A.S
    ("UA", Isp, "37.54.0.0/16 94.179.0.0/16"), // AS6849, JSC Ukrtelecom
    ("UA", Isp, "109.87.0.0/16 178.150.0.0/16"), // AS13188, CONTENT DELIVERY NETWORK LTD
    ("UA", Isp6, "2a04:b3c0::/32 2a0c:b8c0::/32"), // AS57234, LLC IT NETWORKS CHAT
    ("UA", Mobile, "89.187.0.0/22"), // AS39810, The national operator of wireless commu
    ("UA", Mobile6, "2a10:e400::/32 2a10:e404::/32"), // AS39810, The national operator of wireless commu
    ("UA", Hosting, "45.12.0.0/22"), // AS6698, Virtual Systems LLC
    ("UA", Hosting, "62.149.0.0/20"), // AS15497, 1 Cloud Lab s.r.o.
    ("EG", Isp, "102.44.0.0/16 197.35.0.0/16"), // AS8452, TE-AS
    ("EG", Isp, "41.196.0.0/16 197.162.0.0/16"), // AS24863, LINKdotNET AS number
    ("EG", Isp6, "2001:4388::/32 2c0f:7b07::/32"), // AS8452, TE-AS
    ("EG", Mobile, "102.8.0.0/16 154.130.0.0/16"), // AS37069, The Egyptian Company for Mobile Service
    ("EG", Mobile, "102.187.0.0/16 196.155.0.0/16"), // AS24835, Vodafone Data - Egypt
    ("EG", Mobile6, "2001:4220::/32"), // AS24835, Vodafone Data - Egypt
    ("IR", Isp, "2.186.0.0/16 5.237.0.0/16"), // AS58224, Iran Telecommunication Company PJS
    ("IR", Isp, "5.113.0.0/16 5.123.0.0/16"), // AS44244, Iran Cell Service and Communication Com
    ("IR", Isp6, "2a06:5a40::/32 2a0a:d404::/32"), // AS39650, Atrin Information & Communications Tech
    ("IR", Mobile, "5.212.0.0/16 89.196.0.0/16"), // AS197207, Mobile Communication Company of Iran PL
    ("IR", Mobile6, "2a02:4540::/32 2a02:4544::/32"), // AS197207, Mobile Communication Company of Iran PL
    ("PK", Isp, "39.45.0.0/16 182.177.0.0/16"), // AS17557, Pakistan Telecommuication company limit
    ("PK", Isp, "110.37.0.0/16 110.39.0.0/16"), // AS38264, Wateen Telecom Limited
    ("PK", Isp6, "2400:adc0::/32 2400:add1::/32"), // AS9541, Cyber Internet Services (Private) Limit
    ("PK", Mobile, "154.80.0.0/18"), // AS45669, Mobilink GSM, Pakistan Mobile Communica
    ("PK", Mobile6, "2402:e000::/32"), // AS24499, Telenor Pakistan (Pvt) Ltd
    ("BG", Isp, "213.167.0.0/20"), // AS28909, TV SAT NET LTD
    ("BG", Isp6, "2a06:4c0::/32 2a09:df83::/32"), // AS60447, I NET BULGARIA EOOD
    ("BG", Hosting, "185.80.0.0/22"), // AS201200, SuperHosting.BG Ltd.
    ("MA", Isp, "105.135.0.0/16 196.72.0.0/16"), // AS6713, Itissalat Al-MAGHRIB
    ("MA", Isp, "102.100.0.0/16 196.122.0.0/16"), // AS36925, MEDITELECOM
    ("MA", Isp6, "2001:4288::/32"), // AS6713, Itissalat Al-MAGHRIB
    ("KE", Isp, "102.6.0.0/16 154.154.0.0/16"), // AS36926, Airtel Networks Kenya Limited
    ("KE", Isp, "197.232.0.0/16"), // AS36866, Jamii Telecommunications Limited
    ("KE", Isp6, "2001:4358::/32"), // AS36866, Jamii Telecommunications Limited
    ("KE", Mobile, "105.165.0.0/16 196.106.0.0/16"), // AS33771, Safaricom Limited
    ("KE", Mobile, "197.248.0.0/16"), // AS37061, Safaricom Limited
    ("KE", Mobile6, "2001:4368::/32 2c0f:a0::/32"), // AS9129, MTN Business Kenya
    ("TH", Isp, "58.11.0.0/16 134.196.0.0/16"), // AS17552, TRUE INTERNET CORPORATION CO. LTD.
    ("TH", Isp, "171.5.0.0/16 223.204.0.0/16"), // AS45758, Triple T Broadband Public Company Limit
    ("TH", Isp6, "2404:8d00::/32 2404:8d04::/32"), // AS10089, Total Access Communication PLC.
    ("TH", Mobile, "49.228.0.0/16 184.22.0.0/16"), // AS133481, ADVANCED WIRELESS NETWORK COMPANY LIMIT
    ("TH", Mobile, "182.232.0.0/18"), // AS45430, ADVANCED WIRELESS NETWORK COMPANY LIMIT
    ("TH", Mobile6, "2405:9800::/32"), // AS45430, ADVANCED WIRELESS NETWORK COMPANY LIMIT
    ("TH", Hosting, "152.163.0.0/22"), // AS393886, Leaseweb USA, Inc.
    ("HK", Isp, "118.140.0.0/16 221.127.0.0/16"), // AS9304, HGC Global Communications Limited
    ("HK", Isp, "61.92.0.0/16 124.244.0.0/16"), // AS9269, Hong Kong Broadband Network Limited
    ("HK", Isp6, "2402:1da0::/32 2a10:3842::/32"), // AS9304, HGC Global Communications Limited
    ("HK", Mobile, "49.131.0.0/16 182.152.0.0/16"), // AS17924, Smartone Mobile communications Limited
    ("HK", Mobile, "223.118.0.0/16"), // AS58453, China Mobile International Limited
    ("HK", Mobile6, "2403:fa00::/32"), // AS9474, Smartone Mobile Comm. Limited
    ("HK", Hosting, "23.226.0.0/22 162.247.0.0/22"), // AS23881, UDomain Web Hosting Company Limited
    ("HK", Hosting, "103.24.0.0/22 182.237.0.0/22"), // AS55933, Cloudie Limited
    ("NL", Vpn, "185.65.134.0/24"), // AS39351, Mullvad
    ("SE", Vpn, "193.138.218.0/24 185.213.154.0/24 45.83.220.0/24"), // AS39351, Mullvad
    ("CH", Vpn, "193.32.127.0/24"), // AS39351, Mullvad
    ("US", Hosting, "37.19.200.0/24"), // AS212238, Datacamp: exits of several VPN sellers
    ("NL", Hosting, "194.127.172.0/24"), // AS62240, Clouvider: exits of several VPN sellers
    ("DE", Tor, "185.220.101.0/24 185.220.100.0/24"), // AS60729, AS205100
    ("AT", Tor, "109.70.100.0/24"), // AS208323
    ("US", Tor, "23.129.64.0/24"), // AS396507
];

/// Region, prefixes of AWS in it. The registered country is the region's.
pub const AWS: &[(&str, &str)] = &[
    ("us-east-1", "3.80.0.0/16 34.195.0.0/16 52.200.0.0/16 3.213.0.0/16"),
    ("us-east-2", "3.18.0.0/16"),
    ("us-west-2", "44.246.0.0/16"),
    ("eu-west-1", "3.248.0.0/16 52.16.0.0/16 34.242.0.0/16"),
    ("eu-central-1", "3.64.0.0/16 18.159.0.0/16 3.125.0.0/16"),
    ("eu-west-2", "3.8.0.0/16 18.133.0.0/16"),
    ("eu-west-3", "13.36.0.0/16 15.237.0.0/16"),
    ("eu-north-1", "13.48.0.0/16 13.62.0.0/16"),
    ("ap-southeast-1", "3.0.0.0/16 13.229.0.0/16"),
    ("ap-southeast-2", "3.24.0.0/16 54.253.0.0/16"),
    ("ap-northeast-1", "3.112.0.0/16 13.115.0.0/16"),
    ("ap-south-1", "3.6.0.0/16 13.127.0.0/16"),
    ("sa-east-1", "15.228.0.0/16"),
    ("ca-central-1", "3.96.0.0/16 15.222.0.0/16"),
];

/// Hosted CI runners: Azure's and Google's clouds.
pub const RUNNERS: &[(&str, &str)] = &[
    ("github", "4.148.0.0/16 4.155.0.0/16 13.68.0.0/16 20.9.0.0/16 172.178.0.0/16"),
    ("gitlab", "34.10.0.0/16 34.27.0.0/16 34.48.0.0/16 34.59.0.0/16"),
];

/// A prefix: its first address and how many bits are fixed.
#[derive(Debug, Clone, Copy)]
pub(super) enum Prefix {
    Four(u32, u32),
    Six(u128),
}

impl Prefix {
    pub(super) fn read(text: &str) -> Prefix {
        let (base, bits) = text.split_once('/').expect("the table's prefixes have a length");
        match base.parse().expect("the table's prefixes are addresses") {
            std::net::IpAddr::V4(ip) => Prefix::Four(ip.to_bits(), bits.parse().expect("a number of bits")),
            std::net::IpAddr::V6(ip) => Prefix::Six(ip.to_bits()),
        }
    }

    /// An address in it.
    pub(super) fn address(self, dice: &mut Dice) -> Address {
        match self {
            Prefix::Four(base, bits) => {
                let hosts = 1u64 << (32 - bits);
                let host = dice.below(hosts as usize) as u32;
                // No network's first or last address.
                let host = if host & 0xff == 0 || host & 0xff == 0xff { host ^ 0x25 } else { host };
                Address::Four(base | host)
            }
            Prefix::Six(base) => Address::Six(base | (u128::from(dice.bits() & 0x0fff_ffff_ff00) << 48) | 0x5e00),
        }
    }
}

/// An address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Address {
    Four(u32),
    Six(u128),
}

impl Address {
    pub(super) fn text(self) -> String {
        match self {
            Address::Four(bits) => std::net::Ipv4Addr::from_bits(bits).to_string(),
            Address::Six(bits) => std::net::Ipv6Addr::from_bits(bits).to_string(),
        }
    }

    /// The same home on another day: IPv6 changes its lower half (privacy extensions), IPv4 stays.
    pub(super) fn on(self, day: i64) -> Address {
        match self {
            Address::Four(_) => self,
            Address::Six(bits) => {
                let low = super::dice::mix((bits >> 64) as u64 ^ day as u64) | 1;
                Address::Six((bits >> 64 << 64) | u128::from(low))
            }
        }
    }
}

/// Networks of one country and kind; `Isp` where the kind is not in the table, anybody's where the country is not.
pub(super) fn networks(country: &str, kind: Net) -> Vec<&'static str> {
    let of = |kind: Net| NETWORKS.iter().filter(move |row| row.0 == country && row.1 == kind).map(|row| row.2).collect::<Vec<_>>();
    let found = of(kind);
    if !found.is_empty() {
        return found;
    }
    let homes = of(Isp);
    if !homes.is_empty() && !matches!(kind, Hosting | Vpn | Tor) {
        return homes;
    }
    NETWORKS.iter().filter(|row| row.1 == kind).map(|row| row.2).collect()
}

/// A prefix of one country and kind.
pub(super) fn prefix(country: &str, kind: Net, dice: &mut Dice) -> Prefix {
    let rows = networks(country, kind);
    let prefixes: Vec<&str> = dice.pick(&rows).split(' ').collect();
    Prefix::read(dice.pick::<&str>(&prefixes))
}

/// An address of AWS in a region.
pub(super) fn aws(region: &str, dice: &mut Dice) -> Address {
    let row = AWS.iter().find(|row| row.0 == region).unwrap_or(&AWS[0]);
    let prefixes: Vec<&str> = row.1.split(' ').collect();
    Prefix::read(dice.pick::<&str>(&prefixes)).address(dice)
}

/// An address of a hosted CI runner.
pub(super) fn runner(provider: &str, dice: &mut Dice) -> Address {
    let row = RUNNERS.iter().find(|row| row.0 == provider).unwrap_or(&RUNNERS[0]);
    let prefixes: Vec<&str> = row.1.split(' ').collect();
    Prefix::read(dice.pick::<&str>(&prefixes)).address(dice)
}
