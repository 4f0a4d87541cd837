/* SPDX-License-Identifier: Apache-2.0 */
/* RST in place of a packet: to who sent it, or to both ends of its connection. */
#ifndef KUMO_RESET_H
#define KUMO_RESET_H

#include <linux/tcp.h>

#include "ct.h"

#define EPHEMERAL_TTL 64

struct reset {
	__be32 source;
	__be32 destination;
	__be16 source_port;
	__be16 destination_port;
	__be32 sequence;
	__be32 acknowledged;
	__u32 has_ack;
};

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

static __always_inline void write_header(struct iphdr *ip, __be32 source, __be32 destination, __u8 protocol, __u16 length)
{
	__builtin_memset(ip, 0, sizeof(*ip));
	ip->version = 4;
	ip->ihl = 5;
	ip->tot_len = bpf_htons(length);
	ip->frag_off = bpf_htons(0x4000);
	ip->ttl = EPHEMERAL_TTL;
	ip->protocol = protocol;
	ip->saddr = source;
	ip->daddr = destination;
	ip->check = ~fold(bpf_csum_diff(NULL, 0, (__be32 *)ip, sizeof(*ip), 0));
}

/* Makes a TCP packet without IP options into the RST, whatever it was. */
static __noinline int write_reset(struct __sk_buff *skb, const struct reset *reset)
{
	struct {
		__be32 source, destination;
		__be16 protocol, length;
	} pseudo = {reset->source, reset->destination, bpf_htons(IPPROTO_TCP), bpf_htons(sizeof(struct tcphdr))};
	int partial = is_checksum_partial(skb, L3 + sizeof(struct iphdr) + TCP_CHECK);
	struct tcphdr tcp = {};
	struct iphdr ip;
	__s64 sum;

	if (bpf_skb_change_tail(skb, L3 + sizeof(ip) + sizeof(tcp), 0))
		return -1;
	write_header(&ip, reset->source, reset->destination, IPPROTO_TCP, sizeof(ip) + sizeof(tcp));
	tcp.source = reset->source_port;
	tcp.dest = reset->destination_port;
	tcp.doff = sizeof(tcp) / 4;
	tcp.rst = 1;
	tcp.seq = reset->sequence;
	if (reset->has_ack) {
		tcp.ack = 1;
		tcp.ack_seq = reset->acknowledged;
	}
	sum = bpf_csum_diff(NULL, 0, (__be32 *)&pseudo, sizeof(pseudo), 0);
	if (partial)
		tcp.check = fold(sum);
	else
		tcp.check = ~fold(bpf_csum_diff(NULL, 0, (__be32 *)&tcp, sizeof(tcp), sum));
	return bpf_skb_store_bytes(skb, L3, &ip, sizeof(ip), BPF_F_RECOMPUTE_CSUM) ||
	       bpf_skb_store_bytes(skb, L3 + sizeof(ip), &tcp, sizeof(tcp), BPF_F_RECOMPUTE_CSUM);
}

/* What the receiver of a packet answers if it wants no connection (RFC 9293, 3.10.7.1). */
static __noinline int read_answer(struct __sk_buff *skb, const struct packet *p, struct reset *answer)
{
	struct tcphdr tcp;
	struct iphdr ip;

	if (!p->plain || !p->l4 || bpf_skb_load_bytes(skb, L3, &ip, sizeof(ip)) ||
	    bpf_skb_load_bytes(skb, p->l4, &tcp, sizeof(tcp)) || tcp.rst)
		return -1;
	answer->source = p->destination;
	answer->destination = p->source;
	answer->source_port = tcp.dest;
	answer->destination_port = tcp.source;
	answer->sequence = tcp.ack ? tcp.ack_seq : 0;
	answer->acknowledged = bpf_htonl(bpf_ntohl(tcp.seq) + bpf_ntohs(ip.tot_len) - sizeof(ip) - tcp.doff * 4 + tcp.syn + tcp.fin);
	answer->has_ack = !tcp.ack;
	return 0;
}

/* What the sender of a packet of an open connection would have said to end it, as it arrives behind the translation. */
static __always_inline int read_end(struct __sk_buff *skb, const struct packet *p, const struct ct_flow *to, struct reset *end)
{
	end->source = address_v4(&to->source);
	end->destination = address_v4(&to->destination);
	end->source_port = to->source_port;
	end->destination_port = to->destination_port;
	end->has_ack = 1;
	return bpf_skb_load_bytes(skb, p->l4 + 4, &end->sequence, sizeof(end->sequence)) ||
	       bpf_skb_load_bytes(skb, p->l4 + 8, &end->acknowledged, sizeof(end->acknowledged));
}

/*
 * Ends a connection at both ends, on one of its packets. Of the two RSTs one is sent on from the ingress hook of the pod's own
 * link, with `mark`; the other one the packet becomes: at `to_pod` what goes on to the pod's side, else the answer to the pod.
 */
static __noinline int reset_both(struct __sk_buff *skb, const struct packet *p, struct ct_flow *flow, __u32 mark, int at_pod)
{
	struct reset answer = {}, end = {};
	int error = read_answer(skb, p, &answer) || read_end(skb, p, flow, &end);

	ct_forget(&p->key, flow);
	if (error || write_reset(skb, at_pod ? &answer : &end))
		return -1;
	set_mark(skb, mark);
	bpf_clone_redirect(skb, CTX(skb, ifindex), BPF_F_INGRESS);
	return write_reset(skb, at_pod ? &end : &answer);
}

#endif
