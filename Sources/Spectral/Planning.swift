import CFFTW

/// How long FFTW searches for a plan.
package enum Effort: Sendable {
  case estimate, measure, patient

  var flag: UInt32 {
    switch self {
    case .estimate: FFTW_ESTIMATE
    case .measure: UInt32(FFTW_MEASURE)
    case .patient: FFTW_PATIENT
    }
  }
}

/// The version of the FFTW library in use.
package var fftwVersion: String { String(cString: frond_fftw_version()) }

/// FFTW's state that belongs to the process: one planner, one hook for threads.
enum Planning {
  nonisolated(unsafe) private static let lock: UnsafeMutablePointer<pthread_mutex_t> = {
    let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    pthread_mutex_init(lock, nil)
    return lock
  }()

  /// The pool that executes a threaded transform on this thread, if any.
  private static let current: pthread_key_t = {
    var key = pthread_key_t()
    pthread_key_create(&key, nil)
    return key
  }()

  /// Hands FFTW's parallel loops to the pool of the executing thread; without a pool they run serially.
  private static let hook: Void = {
    fftw_init_threads()
    fftw_make_planner_thread_safe()
    fftw_threads_set_callback(
      { work, data, size, jobs, _ in
        guard let work, let data else { return }
        func execute(_ job: Int) { _ = work(data + job * size) }
        if let pool = pthread_getspecific(Planning.current) {
          Unmanaged<ThreadPool>.fromOpaque(pool).takeUnretainedValue().run(Int(jobs), execute)
        } else {
          for job in 0..<Int(jobs) { execute(job) }
        }
      }, nil)
  }()

  /// Runs `body` alone in the process, with plans for `jobs` FFTW jobs.
  static func exclusively<Result>(jobs: Int = 1, _ body: () -> Result) -> Result {
    hook
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    fftw_plan_with_nthreads(Int32(jobs))
    defer { fftw_plan_with_nthreads(1) }
    return body()
  }

  /// Runs `body` with FFTW's jobs on `pool`.
  static func executing<Result>(on pool: ThreadPool, _ body: () -> Result) -> Result {
    let outer = pthread_getspecific(current)
    pthread_setspecific(current, Unmanaged.passUnretained(pool).toOpaque())
    defer { pthread_setspecific(current, outer) }
    return body()
  }
}

/// A plan of FFTW's, which ends with it.
final class Plan: @unchecked Sendable {
  let raw: fftw_plan?

  /// - Parameter jobs: FFTW's.
  init(jobs: Int = 1, _ make: () -> fftw_plan?) { raw = Planning.exclusively(jobs: jobs, make) }

  deinit { Planning.exclusively { fftw_destroy_plan(raw) } }
}

/// What FFTW's planner has learnt, for the same plans, and so the same bits, in another process.
public enum Wisdom {
  public static func export() -> String {
    Planning.exclusively {
      guard let text = fftw_export_wisdom_to_string() else { return "" }
      defer { fftw_free(text) }
      return String(cString: text)
    }
  }

  /// Adds wisdom to the planner's; false if the text is not wisdom of this FFTW.
  public static func restore(_ text: String) -> Bool {
    Planning.exclusively { fftw_import_wisdom_from_string(text) != 0 }
  }

  package static func forget() {
    Planning.exclusively { fftw_forget_wisdom() }
  }
}

/// Memory for transforms, aligned for vectors.
final class Scratch: @unchecked Sendable {
  let base: UnsafeMutablePointer<Double>
  private let count: Int

  init(_ count: Int) {
    self.count = max(1, count)
    let bytes = max(1, count) * MemoryLayout<Double>.stride
    base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Double.self, capacity: max(1, count))
    base.initialize(repeating: 0, count: max(1, count))
  }

  func clear() { base.update(repeating: 0, count: count) }

  convenience init(_ values: [Double]) {
    self.init(values.count)
    for (index, value) in values.enumerated() { base[index] = value }
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// The same memory as complex numbers.
  var complex: UnsafeMutablePointer<fftw_complex> { base.complex }
}

extension UnsafeMutablePointer<Double> {
  /// The same memory as complex numbers. FFTW's type is a pair of doubles.
  var complex: UnsafeMutablePointer<fftw_complex> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: fftw_complex.self)
  }
}
