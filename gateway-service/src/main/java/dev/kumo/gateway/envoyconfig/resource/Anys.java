// SPDX-License-Identifier: Apache-2.0
package dev.kumo.gateway.envoyconfig.resource;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Messages within {@code google.protobuf.Any}. */
final class Anys {
    private static final String PREFIX = "type.googleapis.com/";
    private static final int TYPE_URL = Any.TYPE_URL_FIELD_NUMBER;
    private static final int VALUE = Any.VALUE_FIELD_NUMBER;

    private Anys() {}

    static boolean is(Descriptor type) {
        return type.getFullName().equals("google.protobuf.Any");
    }

    /** The type's full name; empty if the URL has none. */
    static Optional<String> typeName(String url) {
        int slash = url.lastIndexOf('/');
        return slash < 0 || slash == url.length() - 1 ? Optional.empty() : Optional.of(url.substring(slash + 1));
    }

    /** Whether it says what it holds. */
    static boolean hasType(Message any) {
        return typeName(url(any)).isPresent();
    }

    private static String url(Message any) {
        return (String) any.getField(any.getDescriptorForType().findFieldByNumber(TYPE_URL));
    }

    /**
     * @param any of that type, in whatever representation; it {@linkplain #hasType has a type}, and what it holds was decoded from JSON, so
     *     that type is known
     */
    static DynamicMessage unpack(Message any) {
        var type = any.getDescriptorForType();
        var url = url(any);
        var inner = typeName(url).flatMap(EnvoyTypes::find).orElseThrow(() -> new IllegalStateException(url));
        try {
            return DynamicMessage.parseFrom(inner, (ByteString) any.getField(type.findFieldByNumber(VALUE)));
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As a generated message of the same content, with equal bytes for equal content. */
    static Any pack(Message message) {
        return Any.newBuilder()
                .setTypeUrl(PREFIX + message.getDescriptorForType().getFullName())
                .setValue(bytes(message))
                .build();
    }

    /** The same content in a message of that type. */
    static DynamicMessage convert(Descriptor type, Message message) {
        try {
            return DynamicMessage.parseFrom(type, bytes(message));
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same content as a generated message. */
    @SuppressWarnings("unchecked")
    static <M extends Message> M as(M prototype, Message message) {
        try {
            return (M) prototype.getParserForType().parseFrom(bytes(message));
        } catch (InvalidProtocolBufferException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteString bytes(Message message) {
        var output = ByteString.newOutput(message.getSerializedSize());
        var coded = CodedOutputStream.newInstance(output);
        coded.useDeterministicSerialization();
        try {
            message.writeTo(coded);
            coded.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return output.toByteString();
    }
}
