/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hook knows of a packet: read once, kept up to date by the functions that rewrite it. Reads and writes go through
 * helpers by offset, not through skb->data: no bounds to prove again after each write, and no arithmetic on ctx for clang 14 to
 * fold into something the verifier refuses.
 */
#ifndef KUMO_PACKET_H
#define KUMO_PACKET_H

#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "maps.h"

/* linux/icmp.h and linux/if_arp.h pull in libc. */
struct icmphdr {
	__u8 type;
	__u8 code;
	__sum16 checksum;
	__be32 rest;
};

#define ICMP_ECHOREPLY 0
#define ICMP_DEST_UNREACH 3
#define ICMP_ECHO 8
#define ICMP_TIME_EXCEEDED 11
#define ICMP_PARAMETERPROB 12
#define ICMP_PORT_UNREACH 3

#define L3 ETH_HLEN /* every hooked device carries Ethernet frames */
#define FRAGMENT_OFFSET 0x1FFF
#define MORE_FRAGMENTS 0x2000

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

/* Offsets inside the headers that are rewritten. */
#define IPH_TTL 8
#define IPH_CHECK 10
#define IPH_SOURCE 12
#define IPH_DESTINATION 16
#define TCP_CHECK 16
#define UDP_CHECK 6
#define ICMP_CHECK 2
#define ICMP_ID 4

struct packet {
	/* The connection's tuple as this packet's direction has it. An ICMP error has that of the connection quoted in it. */
	struct ct_key key;
	__be32 source; /* of the packet itself */
	__be32 destination;
	__u16 l4;     /* offset of the transport header; 0: a later fragment, has none */
	__u16 quoted; /* offset of the IP header that an ICMP error quotes; 0: no error */
	__u8 tcp_flags;
	__u8 icmp_type;
	__u8 quoted_icmp_type;
	__u8 plain;   /* no IP options */
	__u32 slot;   /* of L7 rules, as policy.h has found; 0: none */
};

/* A context field by a plain load: clang 14 would else add to ctx first, which the verifier forbids. */
#define CTX(skb, field)                                                                                                        \
	({                                                                                                                     \
		__u64 value__;                                                                                                 \
		asm volatile("%[v] = *(u32 *)(%[b] + %[o])"                                                                    \
			     : [v] "=r"(value__)                                                                               \
			     : [b] "r"(skb), [o] "i"(__builtin_offsetof(struct __sk_buff, field))                              \
			     : "memory");                                                                                      \
		(__u32) value__;                                                                                               \
	})

static __always_inline void set_mark(struct __sk_buff *skb, __u32 mark)
{
	asm volatile("*(u32 *)(%[b] + %[o]) = %[m]"
		     :
		     : [m] "r"((__u64)mark), [b] "r"(skb), [o] "i"(__builtin_offsetof(struct __sk_buff, mark))
		     : "memory");
}

static __always_inline __u32 mark_of(__u32 identity, __u32 facts)
{
	return MARK_MAGIC | facts | (identity & 0xFF) | (identity & 0xFFFF00) << 8 |
	       (identity & LOCAL_IDENTITY_FIRST ? MARK_LOCAL : 0);
}

static __always_inline int mark_is_ours(__u32 mark)
{
	return (mark & MARK_MAGIC_MASK) == MARK_MAGIC;
}

static __always_inline __u32 mark_identity(__u32 mark)
{
	return (mark & 0xFF) | (mark >> 8 & 0xFFFF00) | (mark & MARK_LOCAL ? LOCAL_IDENTITY_FIRST : 0);
}

static __always_inline void address_set(struct address *address, __be32 v4)
{
	__u32 *words = (__u32 *)address->bytes;

	words[0] = 0;
	words[1] = 0;
	words[2] = bpf_htonl(0xFFFF);
	words[3] = v4;
}

static __always_inline __be32 address_v4(const struct address *address)
{
	return ((const __u32 *)address->bytes)[3];
}

static __always_inline int address_equal(const struct address *a, const struct address *b)
{
	const __u32 *x = (const __u32 *)a->bytes, *y = (const __u32 *)b->bytes;

	return x[0] == y[0] && x[1] == y[1] && x[2] == y[2] && x[3] == y[3];
}

/* Ports of the transport header at `l4`; ICMP echo lends its identifier to the requesting side. */
static __noinline int read_ports(struct __sk_buff *skb, struct packet *p, __u32 l4, struct fragment_ports *ports, __u8 *icmp_type)
{
	struct {
		__be16 word[4];
	} head;

	ports->source_port = 0;
	ports->destination_port = 0;
	if (p->key.protocol != IPPROTO_TCP && p->key.protocol != IPPROTO_UDP && p->key.protocol != IPPROTO_SCTP &&
	    p->key.protocol != IPPROTO_ICMP)
		return 0;
	if (bpf_skb_load_bytes(skb, l4, &head, sizeof(head)))
		return -INVALID_PACKET;
	if (p->key.protocol != IPPROTO_ICMP) {
		ports->source_port = head.word[0];
		ports->destination_port = head.word[1];
		return 0;
	}
	*icmp_type = *(__u8 *)&head;
	if (*icmp_type == ICMP_ECHO)
		ports->source_port = head.word[2];
	else if (*icmp_type == ICMP_ECHOREPLY)
		ports->destination_port = head.word[2];
	return 0;
}

static __always_inline int icmp_is_error(__u8 type)
{
	return type == ICMP_DEST_UNREACH || type == ICMP_TIME_EXCEEDED || type == ICMP_PARAMETERPROB;
}

/* An error's key is the reverse of what it quotes: the direction in which it travels. Unreadable: it keeps a key of no flow. */
static __noinline int read_quoted(struct __sk_buff *skb, struct packet *p)
{
	struct fragment_ports ports;
	struct iphdr ip;
	__u32 offset = p->l4 + sizeof(struct icmphdr);

	if (bpf_skb_load_bytes(skb, offset, &ip, sizeof(ip)) || ip.version != 4 || ip.ihl < 5)
		return -INVALID_PACKET;
	if (ip.frag_off & bpf_htons(FRAGMENT_OFFSET))
		return -ICMP_UNRELATED;
	p->key.protocol = ip.protocol;
	if (read_ports(skb, p, offset + ip.ihl * 4, &ports, &p->quoted_icmp_type))
		return -INVALID_PACKET;
	address_set(&p->key.source, ip.daddr);
	address_set(&p->key.destination, ip.saddr);
	p->key.source_port = ports.destination_port;
	p->key.destination_port = ports.source_port;
	p->quoted = offset;
	return 0;
}

/* Reads an IPv4 packet; 0 or a negative drop_reason. */
static __noinline int read_packet(struct __sk_buff *skb, struct packet *p, enum hook hook)
{
	struct fragment_ports ports, *known;
	struct fragment_key fragment;
	struct iphdr ip;
	int error;

	__builtin_memset(p, 0, sizeof(*p));
	if (bpf_skb_load_bytes(skb, L3, &ip, sizeof(ip)) || ip.version != 4 || ip.ihl < 5)
		return -INVALID_PACKET;
	p->source = ip.saddr;
	p->destination = ip.daddr;
	p->plain = ip.ihl == 5;
	p->key.protocol = ip.protocol;
	address_set(&p->key.source, ip.saddr);
	address_set(&p->key.destination, ip.daddr);

	fragment.source = ip.saddr;
	fragment.destination = ip.daddr;
	fragment.id = ip.id;
	fragment.protocol = ip.protocol;
	fragment.hook = hook;
	if (ip.frag_off & bpf_htons(FRAGMENT_OFFSET)) {
		known = bpf_map_lookup_elem(&fragments, &fragment);
		if (!known)
			return -FRAGMENT_UNKNOWN;
		p->key.source_port = known->source_port;
		p->key.destination_port = known->destination_port;
		return 0;
	}

	p->l4 = L3 + ip.ihl * 4;
	error = read_ports(skb, p, p->l4, &ports, &p->icmp_type);
	if (error)
		return error;
	p->key.source_port = ports.source_port;
	p->key.destination_port = ports.destination_port;
	if (ip.frag_off & bpf_htons(MORE_FRAGMENTS))
		bpf_map_update_elem(&fragments, &fragment, &ports, BPF_ANY);
	if (ip.protocol == IPPROTO_TCP && bpf_skb_load_bytes(skb, p->l4 + 13, &p->tcp_flags, 1))
		return -INVALID_PACKET;
	if (ip.protocol == IPPROTO_ICMP && icmp_is_error(p->icmp_type))
		return read_quoted(skb, p);
	return 0;
}

static __always_inline int is_opening(const struct packet *p)
{
	return (p->tcp_flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

#endif
