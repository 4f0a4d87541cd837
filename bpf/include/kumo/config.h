/* SPDX-License-Identifier: Apache-2.0 */
/* Facts of the node, set in .rodata before load; every object carries the same struct. Another value is another program. */
#ifndef KUMO_CONFIG_H
#define KUMO_CONFIG_H

#include "types.h"

/* The source of a pod that is balanced to itself: it would not answer its own address over the wire. */
#define HAIRPIN_SOURCE bpf_htonl(0xA9FE2A01) /* 169.254.42.1 */

struct port_range {
	__u16 first; /* host order, inclusive */
	__u16 last;
};

struct node_config {
	__u64 netns_cookie; /* of the node's network namespace: whose processes are the node's own */
	__be32 node_address;
	__be32 ingress_address; /* of the pod range, where Envoy's connections as a gateway come from; 0: there is none */
	__be32 pod_range; /* this node's */
	__be32 pod_mask;
	__be32 cluster_range; /* all pods */
	__be32 cluster_mask;
	__u32 device_ifindex;
	__u32 overlay_ifindex; /* 0: no overlay */
	struct port_range snat_ports[2]; /* source ports of translated traffic on the node's own address */
	__u8 device_mac[6];
	enum routing_mode routing_mode;
	__u8 masquerade; /* 0 or 1 */
};

/*
 * volatile: the compiler must not fold the zeroes it sees here, user space fills them in before the program is loaded.
 * libbpf finds it in .rodata by name.
 */
const volatile struct node_config node_config = {};

#endif
