// SPDX-License-Identifier: Apache-2.0
package dev.kumo.kube.service;

import dev.kumo.stream.FeedMethods;

/** Which of the four feeds this process serves. */
public record FeedIdentity(FeedMethods methods) {}
