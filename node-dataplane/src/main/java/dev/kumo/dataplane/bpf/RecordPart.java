// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A record's components, each at its C field's place. Immutable. */
final class RecordPart<R extends Record> implements StructCodec.Part<R> {
    /** One component. */
    record Field<T>(Method accessor, int offset, StructCodec.Part<T> part) {
        void put(ByteBuffer bytes, int at, Object owner) {
            try {
                @SuppressWarnings("unchecked") // the accessor's type is the part's
                var value = (T) accessor.invoke(owner);
                part.put(bytes, at + offset, value);
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(accessor + " cannot be called", e);
            }
        }
    }

    private final List<Field<?>> fields;
    private final Constructor<R> constructor;

    RecordPart(Class<R> type, List<Field<?>> fields) {
        this.fields = fields;
        try {
            var types = Arrays.stream(type.getRecordComponents())
                    .map(RecordComponent::getType)
                    .toArray(Class<?>[]::new);
            constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new LinkageError(type + " has no canonical constructor", e);
        }
    }

    @Override
    public void put(ByteBuffer bytes, int at, R value) {
        for (var field : fields) {
            field.put(bytes, at, value);
        }
    }

    @Override
    public R get(ByteBuffer bytes, int at) {
        var values = new Object[fields.size()];
        for (int i = 0; i < values.length; i++) {
            var field = fields.get(i);
            values[i] = field.part().get(bytes, at + field.offset());
        }
        try {
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(constructor + " cannot be called", e);
        }
    }
}
