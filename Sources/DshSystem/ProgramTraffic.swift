// What is on its way between this process and a program: decided here, read and written elsewhere.

/// The three streams of a program and how far each of them is.
///
/// A program reads and writes when it likes: nobody may wait for one stream alone. This says what to wait for, and takes what came.
public struct ProgramTraffic: Sendable {
  private enum Input { case open, ending, closed }

  private var input = Input.open
  /// What is to be sent; the first `sentCount` bytes of it are gone.
  private var pending: [UInt8] = []
  private var sentCount = 0
  private var answer: [UInt8] = []
  /// Whether the program has closed its output.
  public private(set) var isAnswerEnded = false
  /// Whether it has closed its error output.
  public private(set) var areWordsEnded = false
  public private(set) var words = ProgramWords()
  /// Bytes that the program was given, and that it answered.
  public private(set) var sentBytes = 0
  public private(set) var answeredBytes = 0

  public init() {}

  // MARK: Input

  /// Adds bytes for the program; they are dropped if it reads no more.
  public mutating func send(_ bytes: [UInt8]) {
    precondition(input != .ending, "nothing is sent behind the end")
    guard input == .open else { return }
    if sentCount == pending.count { (pending, sentCount) = ([], 0) }
    pending += bytes
  }

  /// Nothing follows what was sent.
  public mutating func endInput() { if input == .open { input = .ending } }

  /// Whether there are bytes for a program that still reads.
  public var wantsToSend: Bool { input != .closed && sentCount < pending.count }
  /// Whether its input is to be closed now.
  public var closesInput: Bool { input == .ending && !wantsToSend }
  /// Whether its input is closed, by whichever side.
  public var isInputClosed: Bool { input == .closed }

  public func withPending<T>(_ body: (UnsafeRawBufferPointer) -> T) -> T {
    unsafe pending.withUnsafeBytes { unsafe body(UnsafeRawBufferPointer(rebasing: $0[sentCount...])) }
  }

  public mutating func noteSent(_ count: Int) {
    precondition(count <= pending.count - sentCount, "no more is sent than there was: \(count)")
    sentCount += count
    sentBytes += count
  }

  /// The program reads no more, or is to read no more.
  public mutating func noteInputClosed() {
    input = .closed
    (pending, sentCount) = ([], 0)
  }

  // MARK: Output

  public mutating func noteAnswer(_ bytes: [UInt8]) {
    answer += bytes
    answeredBytes += bytes.count
  }

  public mutating func noteAnswerEnded() { isAnswerEnded = true }

  public mutating func noteWords(_ bytes: [UInt8]) { words.append(bytes) }

  public mutating func noteWordsEnded() { areWordsEnded = true }

  /// Bytes of the answer that nobody has taken.
  public var answerBytes: Int { answer.count }

  public mutating func takeAnswer() -> [UInt8] {
    defer { answer = [] }
    return answer
  }
}
