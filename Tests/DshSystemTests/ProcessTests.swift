// Children, sockets, events and threads.
import DshDiagnostics
import DshSystem
import Foundation
import Synchronization
import Testing

struct ProcessTests {
  @Test func aChildEndsAndIsCollected() throws {
    let child = try ChildProcess(path: "/bin/sh", arguments: ["sh", "-c", "exit 7"])
    var entries = [PollEntry(child.pollNumber)]
    pollOrEnd(&entries, milliseconds: 5000)
    #expect(entries[0].isReadable)
    #expect(child.collect(wait: false) == .exited(code: 7))
    let killed = try ChildProcess(path: "/bin/sleep", arguments: ["sleep", "100"])
    #expect(killed.collect(wait: false) == nil)
    killed.kill()
    #expect(killed.collect(wait: true) == .signalled(9))
    let error = #expect(throws: Diagnostic.self) { try ChildProcess(path: "/no/such/program", arguments: ["x"]) }
    #expect(error?.code == .fileNotFound)
  }

  @Test func aChildInheritsOnlyWhatItIsGiven() throws {
    let (first, second) = try StreamSocket.pair()
    let own = StreamSocket(Descriptor(owning: first))
    let other = Descriptor(owning: second)
    let child = try ChildProcess(
      path: "/bin/sh", arguments: ["sh", "-c", "ls /proc/self/fd | tr '\\n' ' ' >&3; ps -o pgid= -p $$ >&3 2>/dev/null"],
      inherited: [(other.number, 3)])
    _ = child.collect(wait: true)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1000, alignment: 8)
    defer { buffer.deallocate() }
    guard case .received(let count, .nothing) = own.receive(into: buffer, wait: true) else {
      Issue.record("nothing came")
      return
    }
    let text = String(decoding: buffer[..<count], as: UTF8.self)
    // 0, 1, 2, the socket, and the folder being listed.
    #expect(text.hasPrefix("0 1 2 3 4 "))
    #expect(!text.hasPrefix("0 1 2 3 4 5"))
  }

  @Test func aDescriptorTravels() throws {
    let (first, second) = try StreamSocket.pair()
    let one = StreamSocket(Descriptor(owning: first))
    let two = StreamSocket(Descriptor(owning: second))
    let memory = try MemoryFile(name: "test", byteCount: 8192)
    let writable = try Mapping(memory.descriptor, byteCount: 8192, writable: true)
    writable.address.storeBytes(of: 42, toByteOffset: 4096, as: UInt8.self)
    let readOnly = try memory.readOnlyDescriptor()
    let sent = [UInt8]("hello".utf8).withUnsafeBytes { one.send($0, descriptor: readOnly.number, wait: true) }
    #expect(sent == .sent(5))
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 100, alignment: 8)
    defer { buffer.deallocate() }
    guard case .received(5, .descriptor(let passed)) = two.receive(into: buffer, wait: true) else {
      Issue.record("no descriptor came")
      return
    }
    let peer = Descriptor(owning: passed)
    let mapping = try Mapping(peer, byteCount: 8192, writable: false)
    withExtendedLifetime(mapping) { #expect(mapping.bytes[4096] == 42) }
    #expect(throws: Diagnostic.self) { try Mapping(peer, byteCount: 8192, writable: true) }
    #expect(try peer.sizeBytes() == 8192)
  }

  @Test func threadsTakeFromAQueue() throws {
    let queue = WaitingQueue<Int>()
    let sum = Mutex(0)
    let done = try EventDescriptor()
    for _ in 0..<3 {
      try startThread {
        while let number = queue.next() { sum.withLock { $0 += number } }
        done.raise()
      }
    }
    for number in 1...1000 { queue.append(number) }
    queue.close()
    var ended = 0
    while ended < 3 {
      var entries = [PollEntry(done.number)]
      pollOrEnd(&entries, milliseconds: 5000)
      ended += done.take()
    }
    #expect(sum.withLock { $0 } == 500_500)
  }

  @Test func signalsBecomeEvents() throws {
    let event = try EventDescriptor()
    Signal.windowChange.watch(with: event)
    kill(getpid(), SIGWINCH)
    var entries = [PollEntry(event.number)]
    pollOrEnd(&entries, milliseconds: 1000)
    #expect(event.take() == 1)
    // One that nobody else holds is not closed: the signal may come at any moment.
    weak var kept: EventDescriptor?
    do {
      let other = try EventDescriptor()
      Signal.windowChange.watch(with: other)
      kept = other
    }
    #expect(kept != nil)
    Signal.windowChange.restoreDefault()
  }
}
