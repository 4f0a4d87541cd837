// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.bpf;

import dev.kumo.dataplane.bpf.jna.BpfSyscall;
import dev.kumo.dataplane.bpf.jna.TestRun;
import dev.kumo.dataplane.bpf.map.Address;
import dev.kumo.dataplane.bpf.map.MacAddress;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The real objects in the real kernel under pins of their own, for one test; closing takes all of it away. Nothing is attached
 * unless the test does it. Root only.
 */
public final class TestDatapath implements AutoCloseable {
    /** Folder of the objects that the build made. */
    public static final Path OBJECTS = Path.of(System.getProperty("kumo.bpf.objects", "target/bpf"));

    /** A node 172.18.0.11 whose pods are 10.244.1.0/24 of 10.244.0.0/16; devices 2 and 3 need not exist. */
    public static final NodeConfig CONFIG = new NodeConfig(
            Address.of("172.18.0.11"),
            Address.of("10.244.1.250"),
            NodeConfig.Range.of("10.244.1.0/24"),
            NodeConfig.Range.of("10.244.0.0/16"),
            2,
            MacAddress.of("02:00:00:00:00:11"),
            3,
            NodeConfig.Routing.VXLAN,
            true);

    /** One mount a process, gone with it. */
    private static final Path BPFFS =
            Path.of("/run/kumo-t-bpf-" + ProcessHandle.current().pid());

    private static final int CONTEXT = 192; // struct __sk_buff
    private static final int CONTEXT_MARK = 8;
    private static final int CONTEXT_INGRESS_IFINDEX = 36;
    private static final int CONTEXT_IFINDEX = 40;
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Path pins;
    private final PinnedDatapath datapath;

    private TestDatapath(Path pins, PinnedDatapath datapath) {
        this.pins = pins;
        this.datapath = datapath;
    }

    /** Loaded afresh, all maps empty. */
    public static TestDatapath load(NodeConfig config) {
        var pins = newPins();
        return new TestDatapath(pins, (PinnedDatapath) Datapath.load(OBJECTS, pins, config));
    }

    /** A folder in bpffs that no other test uses. */
    public static Path newPins() {
        synchronized (NUMBER) {
            int number = NUMBER.incrementAndGet();
            if (number == 1) {
                KernelFilesystem.BPF.ensureAt(BPFFS);
                Runtime.getRuntime().addShutdownHook(new Thread(TestDatapath::unmount));
            }
            return BPFFS.resolve("pins-" + number);
        }
    }

    private static void unmount() {
        try {
            new ProcessBuilder("umount", BPFFS.toString()).inheritIO().start().waitFor();
            Files.delete(BPFFS);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(BPFFS + " is left behind", e);
        }
    }

    public Datapath datapath() {
        return datapath;
    }

    /** Where it is pinned. */
    public Path pins() {
        return pins;
    }

    /** The descriptor of a program by its C name; the datapath closes it. */
    public int programDescriptor(String name) {
        return datapath.program(name).fd();
    }

    /** The descriptor of any of the maps by its C name, for those that have no accessor. */
    public int mapDescriptor(String name) {
        return datapath.descriptor(name);
    }

    /** Entries of any of the maps by its C name. */
    public int entries(String name, int keySize) {
        int fd = mapDescriptor(name);
        byte[] previous = null;
        var next = new byte[keySize];
        int entries = 0;
        while (BpfSyscall.nextKey(fd, previous, next) == 0) {
            previous = next.clone();
            entries++;
        }
        return entries;
    }

    /** Empties one of the maps by its C name. */
    public void clear(String name, int keySize) {
        int fd = mapDescriptor(name);
        var key = new byte[keySize];
        while (BpfSyscall.nextKey(fd, null, key) == 0) {
            BpfSyscall.delete(fd, key);
        }
    }

    /**
     * Runs a program once, as if the packet had come to a device.
     *
     * @param ifindex of an existing device (1 is lo), which the program sees as the packet's
     * @param mark of the packet before
     */
    public ProgramRun run(String program, byte[] packet, int ifindex, int mark) {
        var context = ByteBuffer.allocate(CONTEXT).order(ByteOrder.nativeOrder());
        context.putInt(CONTEXT_MARK, mark);
        context.putInt(CONTEXT_INGRESS_IFINDEX, ifindex);
        context.putInt(CONTEXT_IFINDEX, ifindex);
        var result = TestRun.run(datapath.program(program).fd(), packet, context.array(), 1);
        int markAfter =
                ByteBuffer.wrap(result.context()).order(ByteOrder.nativeOrder()).getInt(CONTEXT_MARK);
        return new ProgramRun(result.returned(), result.packet(), markAfter, result.durationNanos());
    }

    @Override
    public void close() {
        datapath.close();
        Datapath.remove(pins);
    }
}
