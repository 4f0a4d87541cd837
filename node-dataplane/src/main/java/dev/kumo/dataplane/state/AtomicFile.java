// SPDX-License-Identifier: Apache-2.0
package dev.kumo.dataplane.state;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** Replaces a file's content as a whole: temporary file, fsync, rename, fsync of the directory. Blocks; platform threads only. */
public final class AtomicFile {
    private AtomicFile() {}

    /**
     * @param permissions such as {@code rw-------}; the directory is made if need be
     * @throws StateFileException STATE_FILE_UNWRITABLE; the old content stands
     */
    public static void write(Path path, byte[] content, String permissions) {
        var directory = path.toAbsolutePath().getParent();
        try {
            Files.createDirectories(directory);
            // A leading dot: whoever lists the directory leaves it alone.
            var temporary = Files.createTempFile(directory, "." + path.getFileName() + ".", "");
            try {
                fill(temporary, content, permissions);
                Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(temporary);
            }
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw StateFileException.unwritable(path, e);
        }
    }

    private static void fill(Path file, byte[] content, String permissions) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var buffer = ByteBuffer.wrap(content);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
            channel.force(true);
        }
    }
}
