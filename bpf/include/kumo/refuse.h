/* SPDX-License-Identifier: Apache-2.0 */
/* Answers to a packet for a service that has no backend, made in place of the packet: TCP RST, ICMP port unreachable. */
#ifndef KUMO_REFUSE_H
#define KUMO_REFUSE_H

#include <linux/tcp.h>
#include <linux/udp.h>

#include "packet.h"

#define EPHEMERAL_TTL 64

static __always_inline __u16 fold(__s64 sum)
{
	__u32 value = sum;

	value = (value & 0xFFFF) + (value >> 16);
	value = (value & 0xFFFF) + (value >> 16);
	return value;
}

/*
 * With CHECKSUM_PARTIAL the field holds the pseudo header's sum, and a device or the receiver does the rest. The kernel does
 * not say so; but its helper leaves such a field alone when a word of the body changes.
 */
static __always_inline int is_checksum_partial(struct __sk_buff *skb, __u32 check)
{
	__u16 before = 0, after = 0;

	bpf_skb_load_bytes(skb, check, &before, sizeof(before));
	bpf_l4_csum_replace(skb, check, 0, 0x0101, sizeof(before));
	bpf_skb_load_bytes(skb, check, &after, sizeof(after));
	return before == after;
}

static __always_inline void answer_header(const struct packet *p, struct iphdr *ip, __u8 protocol, __u16 length)
{
	__builtin_memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = bpf_htons(length);
	ip->frag_off = bpf_htons(0x4000);
	ip->ttl = EPHEMERAL_TTL;
	ip->protocol = protocol;
	ip->saddr = p->destination;
	ip->daddr = p->source;
	ip->check = ~fold(bpf_csum_diff(NULL, 0, (__be32 *)ip, sizeof(*ip), 0));
}

static __always_inline int answer_link(struct __sk_buff *skb)
{
	struct ethhdr eth;
	__u8 mac[ETH_ALEN];

	if (bpf_skb_load_bytes(skb, 0, &eth, sizeof(eth)))
		return -1;
	__builtin_memcpy(mac, eth.h_dest, ETH_ALEN);
	__builtin_memcpy(eth.h_dest, eth.h_source, ETH_ALEN);
	__builtin_memcpy(eth.h_source, mac, ETH_ALEN);
	return bpf_skb_store_bytes(skb, 0, &eth, sizeof(eth), BPF_F_RECOMPUTE_CSUM);
}

static __noinline int refuse_tcp(struct __sk_buff *skb, const struct packet *p)
{
	struct {
		__be32 source, destination;
		__be16 protocol, length;
	} pseudo = {p->destination, p->source, bpf_htons(IPPROTO_TCP), bpf_htons(sizeof(struct tcphdr))};
	struct tcphdr tcp, answer = {};
	struct iphdr ip;
	__u32 carried;
	__s64 sum;
	int partial;

	if (bpf_skb_load_bytes(skb, L3, &ip, sizeof(ip)) || bpf_skb_load_bytes(skb, p->l4, &tcp, sizeof(tcp)) || tcp.rst)
		return -1;
	carried = bpf_ntohs(ip.tot_len) - sizeof(ip) - tcp.doff * 4 + tcp.syn + tcp.fin;
	partial = is_checksum_partial(skb, p->l4 + TCP_CHECK);
	if (bpf_skb_change_tail(skb, L3 + sizeof(ip) + sizeof(answer), 0))
		return -1;

	answer_header(p, &ip, IPPROTO_TCP, sizeof(ip) + sizeof(answer));
	answer.source = tcp.dest;
	answer.dest = tcp.source;
	answer.doff = sizeof(answer) / 4;
	answer.rst = 1;
	if (tcp.ack) { /* RFC 9293, 3.10.7.1 */
		answer.seq = tcp.ack_seq;
	} else {
		answer.ack = 1;
		answer.ack_seq = bpf_htonl(bpf_ntohl(tcp.seq) + carried);
	}
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&pseudo, sizeof(pseudo), 0);
	if (partial)
		answer.check = fold(sum);
	else
		answer.check = ~fold(bpf_csum_diff(NULL, 0, (__be32 *)&answer, sizeof(answer), sum));
	return bpf_skb_store_bytes(skb, L3, &ip, sizeof(ip), BPF_F_RECOMPUTE_CSUM) ||
	       bpf_skb_store_bytes(skb, L3 + sizeof(ip), &answer, sizeof(answer), BPF_F_RECOMPUTE_CSUM);
}

static __noinline int refuse_udp(struct __sk_buff *skb, const struct packet *p)
{
	struct {
		struct iphdr ip;
		struct icmphdr icmp;
	} answer = {};
	struct iphdr ip;
	struct udphdr udp;
	__s64 quoted;

	if (bpf_skb_load_bytes(skb, L3, &ip, sizeof(ip)) || bpf_skb_load_bytes(skb, p->l4, &udp, sizeof(udp)))
		return -1;
	quoted = bpf_csum_diff(NULL, 0, (__be32 *)&ip, sizeof(ip), 0);
	if (is_checksum_partial(skb, p->l4 + UDP_CHECK)) /* once filled in, the eight bytes sum up to the seed's complement */
		quoted += (__u16)~udp.check;
	else
		quoted = bpf_csum_diff(NULL, 0, (__be32 *)&udp, sizeof(udp), quoted);
	if (bpf_skb_store_bytes(skb, p->l4 + UDP_CHECK, &udp.check, sizeof(udp.check), BPF_F_RECOMPUTE_CSUM) ||
	    bpf_skb_change_tail(skb, L3 + sizeof(ip) + sizeof(udp), 0) ||
	    bpf_skb_adjust_room(skb, sizeof(answer), BPF_ADJ_ROOM_MAC, 0))
		return -1;

	answer_header(p, &answer.ip, IPPROTO_ICMP, sizeof(answer) + sizeof(ip) + sizeof(udp));
	answer.icmp.type = ICMP_DEST_UNREACH;
	answer.icmp.code = ICMP_PORT_UNREACH;
	answer.icmp.checksum = ~fold(bpf_csum_diff(NULL, 0, (__be32 *)&answer.icmp, sizeof(answer.icmp), fold(quoted)));
	return bpf_skb_store_bytes(skb, L3, &answer, sizeof(answer), BPF_F_RECOMPUTE_CSUM);
}

/* 1: the packet has become its answer, link addresses swapped. A fragment or a packet with IP options gets none. */
static __noinline int refuse(struct __sk_buff *skb, const struct packet *p)
{
	if (!p->plain || !p->l4 || p->quoted)
		return 0;
	if (p->key.protocol == IPPROTO_TCP)
		return !refuse_tcp(skb, p) && !answer_link(skb);
	return p->key.protocol == IPPROTO_UDP && !refuse_udp(skb, p) && !answer_link(skb);
}

#endif
