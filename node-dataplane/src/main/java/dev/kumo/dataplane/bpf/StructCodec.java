// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Translates between a Java value and the bytes of a C type. C is the only source of the layout: sizes, offsets and byte order
 * come from the object's BTF, found by the C field's name, which is the record component's in snake case. Whatever doesn't match
 * in both directions is refused when the codec is made: a field unknown to one side, a hole that C did not name, a type that
 * cannot carry the other's values. C's explicit padding (fields whose name begins with {@code pad}) is written as zero.
 * Immutable.
 *
 * @param <T> a record, {@link Integer}, {@link Long}, {@link Address} or {@link MacAddress}
 */
final class StructCodec<T> {
    /** One value at a place in the bytes. */
    interface Part<T> {
        void put(ByteBuffer bytes, int at, T value);

        T get(ByteBuffer bytes, int at);
    }

    private final int size;
    private final Part<T> part;

    private StructCodec(int size, Part<T> part) {
        this.size = size;
        this.part = part;
    }

    /**
     * @param typeId the C type's number in {@code btf}
     * @param where whose type it is, for the message of a refusal, such as {@code frontends key}
     * @throws LayoutException if the two do not match
     */
    static <T> StructCodec<T> of(Btf btf, int typeId, Class<T> type, String where) {
        return new StructCodec<>(btf.size(typeId), part(btf, typeId, type, where));
    }

    /** Bytes that a value takes. */
    int size() {
        return size;
    }

    /** @throws IllegalArgumentException if a number doesn't fit its C field */
    byte[] encode(T value) {
        var bytes = new byte[size];
        part.put(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), 0, value);
        return bytes;
    }

    T decode(byte[] bytes) {
        return decode(bytes, 0);
    }

    T decode(byte[] bytes, int at) {
        return part.get(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()), at);
    }

    private static <T> Part<T> part(Btf btf, int typeId, Class<T> type, String where) {
        Part<?> part;
        if (type == Address.class) {
            expectBytes(btf, typeId, Address.LENGTH, where);
            part = new Bytes<>(Address.LENGTH, Address::bytes, Address::of);
        } else if (type == MacAddress.class) {
            expectBytes(btf, typeId, MacAddress.LENGTH, where);
            part = new Bytes<>(MacAddress.LENGTH, MacAddress::bytes, MacAddress::of);
        } else if (type.isRecord()) {
            part = record(btf, typeId, type.asSubclass(Record.class), where);
        } else {
            part = number(btf, typeId, type, where);
        }
        @SuppressWarnings("unchecked") // each branch made a part of the type it tested for
        var result = (Part<T>) part;
        return result;
    }

    private static void expectBytes(Btf btf, int typeId, int length, String where) {
        var type = btf.resolve(typeId);
        // struct address is its 16 bytes and nothing else.
        if (type instanceof Btf.Struct struct && struct.members().size() == 1) {
            type = btf.resolve(struct.members().getFirst().type());
        }
        if (!(type instanceof Btf.Array array) || array.length() != length || btf.size(array.elementType()) != 1) {
            throw new LayoutException(where + ": C has " + btf.describe(typeId) + ", Java wants " + length + " bytes");
        }
    }

    private static Part<?> number(Btf btf, int typeId, Class<?> type, String where) {
        var resolved = btf.resolve(typeId);
        if (!(resolved instanceof Btf.Int || resolved instanceof Btf.Enum)) {
            throw new LayoutException(where + ": C has " + btf.describe(typeId) + ", Java a number");
        }
        int size = btf.size(typeId);
        var number = new CNumber(size, btf.isNetworkOrder(typeId) ? ByteOrder.BIG_ENDIAN : ByteOrder.nativeOrder());
        if ((type == int.class || type == Integer.class) && size <= 4) {
            return new Ints(number, where);
        }
        if ((type == long.class || type == Long.class) && size == 8) {
            return new Longs(number);
        }
        throw new LayoutException(where + ": C has " + btf.describe(typeId) + ", Java " + type.getSimpleName());
    }

    private static <R extends Record> Part<R> record(Btf btf, int typeId, Class<R> type, String where) {
        if (!(btf.resolve(typeId) instanceof Btf.Struct struct)) {
            throw new LayoutException(where + ": C has " + btf.describe(typeId) + ", Java " + type.getSimpleName());
        }
        var members = new HashMap<String, Btf.Member>();
        int end = 0;
        for (var member : struct.members()) {
            if (member.bitField() || member.offset() != end) {
                throw new LayoutException(where + ": a hole or bit field before byte " + member.offset() + " ("
                        + member.name() + "); name the padding in C");
            }
            end = member.offset() + btf.size(member.type());
            if (!member.name().startsWith("pad")) {
                members.put(member.name(), member);
            }
        }
        if (end != struct.size()) {
            throw new LayoutException(where + ": a hole after byte " + end + "; name the padding in C");
        }
        var fields = new ArrayList<RecordPart.Field<?>>();
        for (var component : type.getRecordComponents()) {
            var name = snakeCase(component.getName());
            var member = members.remove(name);
            if (member == null) {
                throw new LayoutException(where + ": C has no field " + name + " in " + btf.describe(typeId));
            }
            var part = component(btf, member.type(), component, where + " " + name);
            fields.add(new RecordPart.Field<>(component.getAccessor(), member.offset(), part));
        }
        if (!members.isEmpty()) {
            throw new LayoutException(where + ": Java's " + type.getSimpleName() + " has no component for C's "
                    + String.join(", ", members.keySet().stream().sorted().toList()));
        }
        return new RecordPart<>(type, List.copyOf(fields));
    }

    /** A component's part; a list is a C array of the same length. */
    private static Part<?> component(Btf btf, int typeId, RecordComponent component, String where) {
        if (component.getType() != List.class) {
            return part(btf, typeId, component.getType(), where);
        }
        if (!(btf.resolve(typeId) instanceof Btf.Array array)
                || !(component.getGenericType() instanceof ParameterizedType list)
                || !(list.getActualTypeArguments()[0] instanceof Class<?> element)) {
            throw new LayoutException(where + ": C has " + btf.describe(typeId) + ", Java a list");
        }
        return elements(btf, array, element, where);
    }

    private static <T> Part<List<T>> elements(Btf btf, Btf.Array array, Class<T> element, String where) {
        return new Elements<>(
                array.length(),
                btf.size(array.elementType()),
                part(btf, array.elementType(), element, where + " element"),
                where);
    }

    private static String snakeCase(String name) {
        return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    }

    /** Bytes of one C number. */
    private record CNumber(int size, ByteOrder order) {
        void put(ByteBuffer bytes, int at, long value) {
            for (int i = 0; i < size; i++) {
                int shift = 8 * (order == ByteOrder.BIG_ENDIAN ? size - 1 - i : i);
                bytes.put(at + i, (byte) (value >>> shift));
            }
        }

        long get(ByteBuffer bytes, int at) {
            long value = 0;
            for (int i = 0; i < size; i++) {
                int shift = 8 * (order == ByteOrder.BIG_ENDIAN ? size - 1 - i : i);
                value |= (bytes.get(at + i) & 0xffL) << shift;
            }
            return value;
        }
    }

    /** Up to 32 bits; shorter ones are unsigned, 32 are taken as they are. */
    private record Ints(CNumber number, String where) implements Part<Integer> {
        @Override
        public void put(ByteBuffer bytes, int at, Integer value) {
            int bits = 8 * number.size();
            if (bits < 32 && value >>> bits != 0) {
                throw new IllegalArgumentException(where + ": " + value + " does not fit " + bits + " bits");
            }
            number.put(bytes, at, value);
        }

        @Override
        public Integer get(ByteBuffer bytes, int at) {
            return (int) number.get(bytes, at);
        }
    }

    private record Longs(CNumber number) implements Part<Long> {
        @Override
        public void put(ByteBuffer bytes, int at, Long value) {
            number.put(bytes, at, value);
        }

        @Override
        public Long get(ByteBuffer bytes, int at) {
            return number.get(bytes, at);
        }
    }

    private record Elements<T>(int length, int size, Part<T> element, String where) implements Part<List<T>> {
        @Override
        public void put(ByteBuffer bytes, int at, List<T> values) {
            if (values.size() != length) {
                throw new IllegalArgumentException(where + ": " + values.size() + " elements, C has " + length);
            }
            for (int i = 0; i < length; i++) {
                element.put(bytes, at + i * size, values.get(i));
            }
        }

        @Override
        public List<T> get(ByteBuffer bytes, int at) {
            var values = new ArrayList<T>(length);
            for (int i = 0; i < length; i++) {
                values.add(element.get(bytes, at + i * size));
            }
            return List.copyOf(values);
        }
    }

    /** An opaque run of bytes. */
    private record Bytes<T>(int length, Function<T, byte[]> to, Function<byte[], T> from) implements Part<T> {
        @Override
        public void put(ByteBuffer bytes, int at, T value) {
            bytes.put(at, to.apply(value));
        }

        @Override
        public T get(ByteBuffer bytes, int at) {
            var value = new byte[length];
            bytes.get(at, value);
            return from.apply(value);
        }
    }
}
