// SPDX-License-Identifier: Apache-2.0
package dev.kumo.stream.server;

import com.google.protobuf.InvalidProtocolBufferException;

/** What a call is about. All methods are called one at a time, in order. */
interface CallHandler {
    /** @throws IllegalArgumentException if the message makes no sense at this point */
    void message(byte[] bytes) throws InvalidProtocolBufferException;

    /** The transport takes more. */
    void ready();

    /** The call has ended, for whatever reason; called once. */
    void closed();
}
