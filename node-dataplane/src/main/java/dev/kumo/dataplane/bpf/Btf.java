// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The type information of an object file: what C declared, as far as maps, constants and enums need it. Immutable. Format:
 * kernel Documentation/bpf/btf.rst.
 */
final class Btf {
    private static final int MAGIC = 0xeb9f;
    private static final int TYPE_HEADER = 12;

    /** A C type. */
    sealed interface Type {
        String name();
    }

    /** Bytes that are one number. */
    record Int(String name, int size) implements Type {}

    record Struct(String name, int size, List<Member> members) implements Type {}

    record Array(String name, int elementType, int length) implements Type {}

    record Enum(String name, int size, Map<String, Long> values) implements Type {}

    /** typedef, const, volatile and the like: another name or quality of the same bytes. */
    record Alias(String name, int type) implements Type {}

    /** A data section's variable. */
    record Variable(String name, int type) implements Type {}

    /** A data section: where its variables lie. */
    record Section(String name, List<Member> variables) implements Type {}

    /** What no map or constant of ours may hold: pointers, unions, floats, functions. */
    record Other(String name, int kind) implements Type {}

    /** @param offset in bytes; {@code bitField} if it is none */
    record Member(String name, int type, int offset, boolean bitField) {}

    private final List<Type> types;

    private Btf(List<Type> types) {
        this.types = List.copyOf(types);
    }

    /** Reads an object file's types; needs no privilege. */
    static Btf of(Path file) {
        return parse(BpfObject.btf(file), file.toString());
    }

    /**
     * @param raw the section's bytes
     * @param origin whose they are, for the message of a refusal
     */
    static Btf parse(byte[] raw, String origin) {
        if (raw.length < 24) {
            throw new LayoutException(origin + " carries no type information");
        }
        var bytes = ByteBuffer.wrap(raw).order(ByteOrder.nativeOrder());
        if (Short.toUnsignedInt(bytes.getShort(0)) != MAGIC) {
            throw new LayoutException(origin + " carries type information of another byte order");
        }
        int header = bytes.getInt(4);
        int start = header + bytes.getInt(8);
        int end = start + bytes.getInt(12);
        int strings = header + bytes.getInt(16);
        return new Btf(new Reader(bytes.position(start), strings).readUntil(end));
    }

    /** Follows typedefs and qualifiers to the bytes' own type. */
    Type resolve(int id) {
        var type = type(id);
        return type instanceof Alias alias ? resolve(alias.type()) : type;
    }

    Type type(int id) {
        return types.get(id);
    }

    /** Whether a typedef on the way says that a number is in network order, as __be16 and __be32 do. */
    boolean isNetworkOrder(int id) {
        return type(id) instanceof Alias alias && (alias.name().startsWith("__be") || isNetworkOrder(alias.type()));
    }

    /** Bytes that a value of the type takes. */
    int size(int id) {
        return switch (resolve(id)) {
            case Int number -> number.size();
            case Struct struct -> struct.size();
            case Enum enumeration -> enumeration.size();
            case Array array -> array.length() * size(array.elementType());
            case Type other -> throw new LayoutException("no map may hold " + other);
        };
    }

    Optional<Enum> findEnum(String name) {
        return types.stream()
                .filter(type -> type instanceof Enum && type.name().equals(name))
                .map(Enum.class::cast)
                .findFirst();
    }

    /** The number of the struct of that name. */
    int findStruct(String name) {
        for (int id = 0; id < types.size(); id++) {
            if (types.get(id) instanceof Struct struct && struct.name().equals(name)) {
                return id;
            }
        }
        throw new LayoutException("C has no struct " + name);
    }

    /** A variable of a data section: its offset there, and its type. */
    Optional<Member> findVariable(String section, String name) {
        return types.stream()
                .filter(type -> type instanceof Section && type.name().equals(section))
                .flatMap(type -> ((Section) type).variables().stream())
                .filter(variable -> type(variable.type()).name().equals(name))
                .findFirst()
                .map(variable -> new Member(name, ((Variable) type(variable.type())).type(), variable.offset(), false));
    }

    /** A type's layout as text: equal for equal layouts, whatever the numbering of types. */
    String describe(int id) {
        return switch (resolve(id)) {
            case Int number -> (isNetworkOrder(id) ? "be" : "u") + number.size() * 8;
            case Enum enumeration -> "u" + enumeration.size() * 8;
            case Array array -> describe(array.elementType()) + "[" + array.length() + "]";
            case Struct struct -> {
                var text = new StringBuilder("{");
                for (var member : struct.members()) {
                    text.append(member.offset())
                            .append(' ')
                            .append(member.name())
                            .append(' ')
                            .append(describe(member.type()))
                            .append(';');
                }
                yield text.append(struct.size()).append('}').toString();
            }
            case Type other -> other.toString();
        };
    }

    /** One pass over the type section. */
    private static final class Reader {
        private static final int INT = 1;
        private static final int ARRAY = 3;
        private static final int STRUCT = 4;
        private static final int UNION = 5;
        private static final int ENUM = 6;
        private static final int TYPEDEF = 8;
        private static final int VOLATILE = 9;
        private static final int CONST = 10;
        private static final int RESTRICT = 11;
        private static final int FUNC_PROTO = 13;
        private static final int VAR = 14;
        private static final int DATASEC = 15;
        private static final int DECL_TAG = 17;
        private static final int TYPE_TAG = 18;
        private static final int ENUM64 = 19;

        private final ByteBuffer bytes;
        private final int strings;

        Reader(ByteBuffer bytes, int strings) {
            this.bytes = bytes;
            this.strings = strings;
        }

        List<Type> readUntil(int end) {
            var types = new ArrayList<Type>();
            types.add(new Other("void", 0));
            while (bytes.position() + TYPE_HEADER <= end) {
                types.add(next());
            }
            return types;
        }

        private Type next() {
            var name = string(bytes.getInt());
            int info = bytes.getInt();
            int sizeOrType = bytes.getInt();
            int kind = info >>> 24 & 0x1f;
            int count = info & 0xffff;
            boolean bitFields = info < 0;
            return switch (kind) {
                case INT -> {
                    bytes.getInt();
                    yield new Int(name, sizeOrType);
                }
                case ARRAY -> {
                    int element = bytes.getInt();
                    bytes.getInt();
                    yield new Array(name, element, bytes.getInt());
                }
                case STRUCT -> new Struct(name, sizeOrType, members(count, bitFields));
                case ENUM, ENUM64 -> new Enum(name, sizeOrType, values(count, kind == ENUM64));
                case TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG -> new Alias(name, sizeOrType);
                case VAR -> {
                    bytes.getInt();
                    yield new Variable(name, sizeOrType);
                }
                case DATASEC -> new Section(name, variables(count));
                default -> {
                    bytes.position(bytes.position() + trailer(kind, count));
                    yield new Other(name, kind);
                }
            };
        }

        /** Bytes that follow a type's header. */
        private static int trailer(int kind, int count) {
            return switch (kind) {
                case UNION -> 12 * count;
                case FUNC_PROTO -> 8 * count;
                case DECL_TAG -> 4;
                default -> 0;
            };
        }

        private List<Member> members(int count, boolean bitFields) {
            var members = new ArrayList<Member>(count);
            for (int i = 0; i < count; i++) {
                var name = string(bytes.getInt());
                int type = bytes.getInt();
                int offset = bytes.getInt();
                int bits = bitFields ? offset & 0xffffff : offset;
                members.add(new Member(name, type, bits / 8, bitFields && offset >>> 24 != 0));
            }
            return List.copyOf(members);
        }

        private Map<String, Long> values(int count, boolean wide) {
            var values = new LinkedHashMap<String, Long>();
            for (int i = 0; i < count; i++) {
                var name = string(bytes.getInt());
                values.put(name, wide ? bytes.getLong() : (long) bytes.getInt());
            }
            return values;
        }

        private List<Member> variables(int count) {
            var variables = new ArrayList<Member>(count);
            for (int i = 0; i < count; i++) {
                int type = bytes.getInt();
                int offset = bytes.getInt();
                bytes.getInt();
                variables.add(new Member("", type, offset, false));
            }
            return List.copyOf(variables);
        }

        private String string(int offset) {
            int end = strings + offset;
            while (bytes.get(end) != 0) {
                end++;
            }
            return new String(bytes.array(), strings + offset, end - strings - offset, StandardCharsets.UTF_8);
        }
    }
}
