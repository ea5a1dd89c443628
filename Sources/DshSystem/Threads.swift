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
private let smallestStackBytes = 1 << 20

/// Starts a detached thread that runs `body` once.
public func startThread(_ body: @escaping @Sendable () -> Void) throws(Diagnostic) {
  final class Start: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
  pthread_attr_setstacksize(&attributes, threadStackBytes)
  var thread = pthread_t()
  let argument = Unmanaged.passRetained(Start(body))
  let result = pthread_create(
    &thread, &attributes,
    { raw in
      // The argument is the object retained for this thread above; without it there is nothing to run.
      guard let raw else { return nil }
      Unmanaged<Start>.fromOpaque(raw).takeRetainedValue().body()
      return nil
    }, argument.toOpaque())
  guard result == 0 else {
    argument.release()
    throw systemError(result, doing: "start a thread")
  }
}

/// A first-in first-out queue whose takers wait while it is empty.
///
/// `@unchecked Sendable`: `lock` protects everything below it.
public final class WaitingQueue<Element: Sendable>: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let arrival = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var elements: [Element] = []
  private var firstIndex = 0
  private var isClosed = false

  public init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(arrival, nil)
  }

  deinit {
    pthread_cond_destroy(arrival)
    pthread_mutex_destroy(lock)
    arrival.deallocate()
    lock.deallocate()
  }

  public func append(_ element: Element) {
    pthread_mutex_lock(lock)
    elements.append(element)
    pthread_mutex_unlock(lock)
    pthread_cond_signal(arrival)
  }

  /// The oldest element, waiting for one if need be; nil once the queue is closed and empty.
  public func next() -> Element? {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while firstIndex == elements.count {
      if isClosed { return nil }
      pthread_cond_wait(arrival, lock)
    }
    let element = elements[firstIndex]
    firstIndex += 1
    if firstIndex == elements.count {
      elements.removeAll(keepingCapacity: true)
      firstIndex = 0
    }
    return element
  }

  /// Takes out the waiting elements that satisfy `predicate`, in order.
  public func remove(where predicate: (Element) -> Bool) -> [Element] {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    var removed: [Element] = []
    var kept: [Element] = []
    for element in elements[firstIndex...] {
      if predicate(element) { removed.append(element) } else { kept.append(element) }
    }
    elements = kept
    firstIndex = 0
    return removed
  }

  /// No more elements will come; waiting takers get nil.
  public func close() {
    pthread_mutex_lock(lock)
    isClosed = true
    pthread_mutex_unlock(lock)
    pthread_cond_broadcast(arrival)
  }
}
