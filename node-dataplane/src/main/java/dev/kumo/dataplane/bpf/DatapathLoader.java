// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfObject;
import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.jna.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Brings all objects of a folder into the kernel, or finds that they are there. An object whose bytes, config and map layouts
 * are those of the pins is adopted: nothing is loaded, all numbers stay. Any other is loaded beside what runs and pinned under
 * its own name; hooks are switched later, by attaching.
 */
final class DatapathLoader {
    private static final Logger LOG = Logger.getLogger(DatapathLoader.class);
    private static final String SUFFIX = ".bpf.o";
    private static final String CONSTANTS = ".rodata";
    private static final int VERIFIER_TAIL = 3000;

    private final Pins pins;
    private final NodeConfig config;
    private final TreeMap<String, MapDeclaration> maps = new TreeMap<>();
    private final TreeMap<String, PinnedProgram> programs = new TreeMap<>();

    DatapathLoader(Pins pins, NodeConfig config) {
        this.pins = pins;
        this.config = config;
    }

    /**
     * @throws BpfException if the kernel refuses a program or map, with the verifier's last words
     * @throws LayoutException if Java's records or two objects disagree on a layout
     */
    PinnedDatapath load(Path objects) {
        pins.create();
        for (var file : objectFiles(objects)) {
            loadOrAdopt(file);
        }
        return new PinnedDatapath(pins, maps, programs);
    }

    private static List<Path> objectFiles(Path directory) {
        try (var files = Files.list(directory)) {
            var objects = files.filter(file -> file.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
            if (objects.isEmpty()) {
                throw new BpfException("open", directory.toString(), 0, "no " + SUFFIX + " files in it");
            }
            return objects;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory, e);
        }
    }

    private void loadOrAdopt(Path file) {
        byte[] elf;
        try {
            elf = Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
        var name = file.getFileName().toString().replace(SUFFIX, "");
        var opening = BpfObject.open(name, elf);
        try (var object = opening.object()) {
            if (object == null) {
                throw new BpfException("open", file.toString(), opening.errno());
            }
            var btf = Btf.parse(object.btf(), file.toString());
            var hash = new Fingerprint().add(elf).add(setConstants(object, btf));
            var declared = object.maps().stream()
                    .filter(map -> !map.isInternal())
                    .map(map -> new DeclaredMap(map, declare(map, btf, file)))
                    .toList();
            declared.forEach(map -> hash.add(map.declaration().pinName().getBytes(StandardCharsets.UTF_8)));
            new ObjectPins(object, declared, hash.hex()).bringIn(name);
        }
    }

    /** Writes node_config where the object has it, and answers its bytes. */
    private byte[] setConstants(BpfObject object, Btf btf) {
        var variable = btf.findVariable(CONSTANTS, NodeConfigImage.VARIABLE);
        if (variable.isEmpty()) {
            return new byte[0];
        }
        var codec = StructCodec.of(btf, variable.get().type(), NodeConfigImage.class, NodeConfigImage.VARIABLE);
        var bytes = codec.encode(NodeConfigImage.of(config, NetworkNamespace.cookie()));
        // libbpf names the section's map after the object: socket.rodata.
        boolean written = object.maps().stream()
                .filter(map -> map.isInternal() && map.name().endsWith(CONSTANTS))
                .anyMatch(map -> map.setInitialValue(variable.get().offset(), bytes));
        if (!written) {
            throw new LayoutException(NodeConfigImage.VARIABLE + " lies outside " + CONSTANTS);
        }
        return bytes;
    }

    private MapDeclaration declare(BpfObject.Map map, Btf btf, Path file) {
        var declaration = MapDeclaration.of(map, btf);
        var other = maps.putIfAbsent(declaration.name(), declaration);
        if (other != null && !other.layout().equals(declaration.layout())) {
            throw new LayoutException(
                    "%s declares %s, another object %s".formatted(file, declaration.layout(), other.layout()));
        }
        if (other == null) {
            announceLoss(declaration);
        }
        return declaration;
    }

    /** Says what a changed layout costs. */
    private void announceLoss(MapDeclaration map) {
        var present = Pins.in(pins.maps()).stream()
                .filter(pin -> Pins.nameOf(pin).equals(map.name()))
                .map(pin -> pin.getFileName().toString())
                .collect(Collectors.toSet());
        if (present.isEmpty() || present.contains(map.pinName())) {
            return;
        }
        if (map.isRebuildable()) {
            LOG.infof("map %s has a new layout and is filled anew", map.name());
        } else {
            LOG.warnf("map %s has a new layout: what the kernel kept in it is lost", map.name());
        }
    }

    private record DeclaredMap(BpfObject.Map map, MapDeclaration declaration) {}

    /** One object's pins. */
    private final class ObjectPins {
        private final BpfObject object;
        private final List<DeclaredMap> declared;
        private final String hash;

        ObjectPins(BpfObject object, List<DeclaredMap> declared, String hash) {
            this.object = object;
            this.declared = declared;
            this.hash = hash;
        }

        void bringIn(String name) {
            if (isPinned()) {
                LOG.debugf("object %s %s adopted", name, hash);
            } else {
                load(name);
            }
            for (var program : object.programs()) {
                int fd = BpfSyscall.get(pin(program));
                if (fd < 0) {
                    throw new BpfException("get", pin(program).toString(), -fd);
                }
                programs.put(
                        program.name(),
                        new PinnedProgram(program.name(), program.attachType(), fd, BpfSyscall.id(fd), pin(program)));
            }
        }

        private Path pin(DeclaredMap map) {
            return pins.maps().resolve(map.declaration().pinName());
        }

        private Path pin(BpfObject.Program program) {
            return pins.programs().resolve(program.name() + "-" + hash);
        }

        /** Whether all of it is pinned and the programs use the maps that are pinned, no others. */
        private boolean isPinned() {
            var ids = declared.stream().map(map -> id(pin(map))).collect(Collectors.toSet());
            if (ids.stream().anyMatch(id -> id < 0)) {
                return false;
            }
            long sections =
                    object.maps().stream().filter(BpfObject.Map::isInternal).count();
            return object.programs().stream().map(this::pin).allMatch(pin -> {
                int fd = BpfSyscall.get(pin);
                if (fd < 0) {
                    return false;
                }
                try {
                    long others = Arrays.stream(BpfSyscall.mapIds(fd))
                            .filter(id -> !ids.contains(id))
                            .count();
                    return others <= sections;
                } finally {
                    BpfSyscall.close(fd);
                }
            });
        }

        private void load(String name) {
            long start = System.nanoTime();
            for (var map : declared) {
                int set = map.map().setPinPath(pin(map));
                if (set < 0) {
                    throw new BpfException("set_pin_path", pin(map).toString(), -set);
                }
            }
            int result = object.load();
            if (result < 0) {
                var log = object.verifierLog();
                throw new BpfException("load", name, -result, log.substring(Math.max(0, log.length() - VERIFIER_TAIL)));
            }
            for (var program : object.programs()) {
                // One without its siblings is left of a load that was cut short.
                Pins.remove(pin(program));
                int pinned = BpfSyscall.pin(program.fd(), pin(program));
                if (pinned < 0) {
                    throw new BpfException("pin", pin(program).toString(), -pinned);
                }
            }
            LOG.infof("object %s %s loaded in %d ms", name, hash, (System.nanoTime() - start) / 1_000_000);
        }

        private static int id(Path pin) {
            int fd = BpfSyscall.get(pin);
            if (fd < 0) {
                return fd;
            }
            try {
                return BpfSyscall.id(fd);
            } finally {
                BpfSyscall.close(fd);
            }
        }
    }
}
