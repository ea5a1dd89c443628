// Plain threads and a queue they wait on.
import CDshSystem
import DshDiagnostics
import Glibc

/// The stack of a thread: the usual size, whatever `ulimit -s` says, as an expression may be as deep as the parser lets it.
public let threadStackBytes = 8 << 20

/// Takes care that the first thread has the stack that the program needs, where `ulimit -s` leaves room for that; ends the program with words
/// where it does not.
public func allowStack() {
  let bytes = Int(dsh_allow_stack(Int64(threadStackBytes)))
  if bytes >= smallestStackBytes { return }
  let error = Diagnostic(
    .stackTooSmall, "too little stack to work with: \(bytesText(bytes))",
    notes: ["limit: \(bytesText(bytes)) of stack for a process (ulimit -s)", "raise it to \(bytesText(smallestStackBytes)) or more"])
  try? writeAll(Array((error.rendered(in: nil) + "\n").utf8), to: 2)
  exitAtOnce(error.category.exitCode)
}

/// Enough for the deepest expression and the longest pipeline that the language allows.
private let smallestStackBytes = 3 << 20

/// Starts a detached thread that runs `body` once.
public func startThread(_ body: @escaping @Sendable () -> Void) throws(Diagnostic) {
  final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  unsafe pthread_attr_init(&attributes)
  defer { unsafe pthread_attr_destroy(&attributes) }
  unsafe pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  unsafe pthread_attr_setstacksize(&attributes, threadStackBytes)
  var thread = pthread_t()
  // The thread takes the object over, or the lines below if there is none.
  let argument = unsafe Unmanaged.passRetained(Start(body))
  let result = unsafe pthread_create(
    &thread, &attributes,
    { raw in
      // The argument is the object retained for this thread above; without it there is nothing to run.
      guard let raw = unsafe raw else { return nil }
      unsafe Unmanaged<Start>.fromOpaque(raw).takeRetainedValue().body()
      return nil
    }, argument.toOpaque())
  guard result == 0 else {
    unsafe argument.release()
    throw systemError(result, doing: "start a thread")
  }
}

/// A lock, and threads that wait under it until something has changed.
///
/// `@safe`: lock and condition are made before anybody can use them and freed when nobody can, and they stay where they are, as the system wants.
@safe final class Monitor {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(change, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(change)
    unsafe pthread_mutex_destroy(mutex)
    unsafe change.deallocate()
    unsafe mutex.deallocate()
  }

  func withLock<Result>(_ body: () -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body()
  }

  /// Lets others have the lock until one of them says that something has changed; only for whoever has it.
  func wait() { unsafe pthread_cond_wait(change, mutex) }

  func wakeOne() { unsafe pthread_cond_signal(change) }

  func wakeAll() { unsafe pthread_cond_broadcast(change) }
}

/// A first-in first-out queue whose takers wait while it is empty.
///
/// `@unchecked Sendable`: `monitor` protects everything below it.
public final class WaitingQueue<Element: Sendable>: @unchecked Sendable {
  private let monitor = Monitor()
  private var elements: [Element] = []
  private var firstIndex = 0
  private var isClosed = false

  public init() {}

  public func append(_ element: Element) {
    monitor.withLock { elements.append(element) }
    monitor.wakeOne()
  }

  /// The oldest element, waiting for one if need be; nil once the queue is closed and empty.
  public func next() -> Element? {
    monitor.withLock {
      while firstIndex == elements.count {
        if isClosed { return nil }
        monitor.wait()
      }
      let element = elements[firstIndex]
      firstIndex += 1
      if firstIndex == elements.count {
        elements.removeAll(keepingCapacity: true)
        firstIndex = 0
      }
      return element
    }
  }

  /// Takes out the waiting elements that satisfy `predicate`, in order.
  public func remove(where predicate: (Element) -> Bool) -> [Element] {
    monitor.withLock {
      var removed: [Element] = []
      var kept: [Element] = []
      for element in elements[firstIndex...] {
        if predicate(element) { removed.append(element) } else { kept.append(element) }
      }
      elements = kept
      firstIndex = 0
      return removed
    }
  }

  /// No more elements will come; waiting takers get nil.
  public func close() {
    monitor.withLock { isClosed = true }
    monitor.wakeAll()
  }
}
