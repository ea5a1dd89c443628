// What the machine has to offer: processors and memory, control groups taken into account.
import CDshSystem
import Glibc

/// Processors this process may use, at least one.
public func usableProcessors() -> Int { max(1, Int(dsh_usable_processors())) }

/// Bytes of memory this process may use: the machine's, or its control group's limit if that is smaller.
public func usableMemoryBytes() -> Int {
  let pages = sysconf(Int32(_SC_PHYS_PAGES))
  let machine = max(1, pages) * sysconf(Int32(_SC_PAGESIZE))
  for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
    guard let text = try? readWholeFile(path), let limit = Int(String(decoding: text, as: UTF8.self).prefix { $0 != "\n" }) else {
      continue
    }
    return min(machine, max(1, limit))
  }
  return machine
}

/// Bytes of swap space of the machine.
public func swapBytes() -> Int { Int(dsh_swap_bytes()) }

/// Keeps memory that is freed in the process, for reuse; called once at the start of a process that works on batches.
///
/// - Parameter storeBytes: the memory of the process's store: where that is small, so is what is kept beside it.
public func keepFreedMemory(besideStoreOf storeBytes: Int) {
  dsh_keep_freed_memory(Int32(clamping: min(1 << 30, storeBytes / 32)), Int32(clamping: min(1 << 30, storeBytes / 4)))
}
