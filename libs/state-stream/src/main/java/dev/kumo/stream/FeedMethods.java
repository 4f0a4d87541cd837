// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream;

import dev.kumo.contract.announcement.v1.AnnouncementFeedGrpc;
import dev.kumo.contract.envoy.v1.EnvoyFeedGrpc;
import dev.kumo.contract.feed.v1.Batch;
import dev.kumo.contract.feed.v1.ReportRequest;
import dev.kumo.contract.feed.v1.ReportResponse;
import dev.kumo.contract.feed.v1.SubscribeRequest;
import dev.kumo.contract.policy.v1.PolicyFeedGrpc;
import dev.kumo.contract.service.v1.ServiceFeedGrpc;
import io.grpc.MethodDescriptor;

/** The four feeds: each a gRPC service of its own with the same two methods. */
public enum FeedMethods {
    POLICY("policy", "policy-service", 9961, PolicyFeedGrpc.getSubscribeMethod(), PolicyFeedGrpc.getReportMethod()),
    ENVOY("envoy", "gateway-service", 9962, EnvoyFeedGrpc.getSubscribeMethod(), EnvoyFeedGrpc.getReportMethod()),
    SERVICE("service", "lbipam-service", 9963, ServiceFeedGrpc.getSubscribeMethod(), ServiceFeedGrpc.getReportMethod()),
    ANNOUNCEMENT(
            "announcement",
            "l2-announcer",
            9964,
            AnnouncementFeedGrpc.getSubscribeMethod(),
            AnnouncementFeedGrpc.getReportMethod());

    /** The layout of messages that this version speaks, on either side. */
    public static final int PROTOCOL = 1;

    private final String feed;
    private final String service;
    private final int port;
    private final MethodDescriptor<SubscribeRequest, Batch> subscribe;
    private final MethodDescriptor<ReportRequest, ReportResponse> report;

    FeedMethods(
            String feed,
            String service,
            int port,
            MethodDescriptor<SubscribeRequest, Batch> subscribe,
            MethodDescriptor<ReportRequest, ReportResponse> report) {
        this.feed = feed;
        this.service = service;
        this.port = port;
        this.subscribe = subscribe;
        this.report = report;
    }

    /** The feed's name in files, metrics and logs. */
    public String feed() {
        return feed;
    }

    /** The Service, in namespace kumo-system, that serves the feed. */
    public String service() {
        return service;
    }

    /** The TCP port that it is served on. */
    public int port() {
        return port;
    }

    /** The DNS name that the server's certificate must carry. */
    public String authority() {
        return service + ".kumo-system.svc";
    }

    public MethodDescriptor<SubscribeRequest, Batch> subscribe() {
        return subscribe;
    }

    public MethodDescriptor<ReportRequest, ReportResponse> report() {
        return report;
    }
}
