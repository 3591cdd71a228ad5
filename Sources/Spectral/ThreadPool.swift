import CFrond
import Synchronization

/// A persistent, self-scheduled pool of threads.
///
/// A region is a number of chunks; whoever is free, the caller included, claims the next one. The caller
/// never waits for a chunk that nobody has begun, so a busy machine costs time but no stall. Workers spin for
/// a moment after their last chunk and then sleep. A region allocates nothing: its body stays on the caller's stack.
///
/// A region begun while another one runs on the same pool (from inside a chunk, or from another thread) runs
/// inline on its caller.
package final class ThreadPool: @unchecked Sendable {
  package let threads: Int
  private let crew: Crew
  private var workers: [pthread_t] = []

  /// Contiguous ranges that `forPlanes` and `sum` cut their planes into, whatever the number of threads.
  package static let ranges = 8

  /// Processors of the machine that are online.
  package static var processorCount: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// A pool in which `threads` threads take part, the caller of a region included.
  package init(threads: Int) {
    self.threads = max(1, threads)
    crew = Crew()
    for _ in 1..<max(2, self.threads) where self.threads > 1 {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(crew)
      let failure = pthread_create(
        &thread, nil,
        { argument in
          Unmanaged<Crew>.fromOpaque(argument!).takeRetainedValue().work()
          return nil
        }, argument.toOpaque())
      // With fewer workers than asked for every region still completes.
      if failure == 0 { workers.append(thread) } else { argument.release() }
    }
  }

  deinit {
    crew.stop()
    for worker in workers { pthread_join(worker, nil) }
  }

  /// Runs `body(0)` … `body(chunks - 1)`, each once, in any order, and returns when all are done.
  package func run(_ chunks: Int, _ body: (Int) -> Void) {
    if chunks <= 1 || workers.isEmpty || !crew.run(chunks, body) {
      for chunk in 0..<max(0, chunks) { body(chunk) }
    }
  }

  /// Runs `body` on the contiguous ranges that make up `0..<count`.
  ///
  /// The ranges depend on `count` only.
  package func forPlanes(_ count: Int, _ body: (Range<Int>) -> Void) {
    let ranges = min(count, ThreadPool.ranges)
    run(ranges) { body(ThreadPool.range($0, of: ranges, in: count)) }
  }

  /// Runs `body` on x and y of each column of a grid, by planes.
  package func forColumns(_ grid: Grid, _ body: (Int, Int) -> Void) {
    forPlanes(grid.count.x) { planes in
      for x in planes { for y in 0..<grid.count.y { body(x, y) } }
    }
  }

  /// The sum of `body` over the planes `0..<count`.
  ///
  /// One partial sum per plane, added in ascending order: the same bits for any number of threads.
  /// `scratch` holds `count` numbers.
  package func sum(
    planes count: Int, scratch: UnsafeMutablePointer<Double>, _ body: (Int) -> Double
  ) -> Double {
    forPlanes(count) { planes in for plane in planes { scratch[plane] = body(plane) } }
    var total = 0.0
    for plane in 0..<count { total += scratch[plane] }
    return total
  }

  /// Runs stages on the planes of a periodic direction, where a stage on a plane needs the stage before on its
  /// two neighbours and changes nothing but its own plane.
  ///
  /// Within a block of planes the stages follow each other at a distance of one plane, strip by strip, so that a
  /// strip stays in the cache until all is done with it. Each block first does what it can by itself, one plane
  /// less on either side with every stage; what is left around the blocks' borders follows. The result depends on
  /// neither blocks nor strips.
  func runStages(planes count: Int, strip: Int, _ stages: [(Range<Int>) -> Void]) {
    let blocks = min(ThreadPool.ranges, count / (2 * stages.count + 2))
    guard blocks > 1 else {
      for stage in stages { stage(0..<count) }
      return
    }
    run(blocks) { block in
      let range = ThreadPool.range(block, of: blocks, in: count)
      for front in stride(from: range.lowerBound, to: range.upperBound, by: strip) {
        let end = min(front + strip, range.upperBound)
        for s in 0..<stages.count {
          let first = max(front - s, range.lowerBound + s)
          if first < end - s { stages[s](first..<end - s) }
        }
      }
    }
    run(blocks) { block in
      let border = ThreadPool.range(block, of: blocks, in: count).lowerBound
      for s in 1..<stages.count {
        if border == 0 {
          stages[s](count - s..<count)
          stages[s](0..<s)
        } else {
          stages[s](border - s..<border + s)
        }
      }
    }
  }

  /// Part `index` of `0..<count` cut into `parts`.
  package static func range(_ index: Int, of parts: Int, in count: Int) -> Range<Int> {
    (index * count / parts)..<((index + 1) * count / parts)
  }
}

/// What the threads of a pool share.
///
/// `claim` holds the generation of the region in its high half, and the first and the end of the unclaimed chunks in
/// the quarters of its low half. A chunk is claimed by a compare-and-swap of all, so a late worker cannot claim from a
/// newer region with an old body: the body is read after the claim and stays until the claimed chunk is done. The
/// caller claims from the front, workers from the end: what a thread has worked on in one region it mostly works on in
/// the next, and finds it in its cache.
private final class Crew: @unchecked Sendable {
  private let claim = Atomic<UInt64>(0)
  private let finished = Atomic<Int>(0)
  private let busy = Atomic<Bool>(false)
  private let sleepers = Atomic<Int>(0)
  private let stopping = Atomic<Bool>(false)
  private let body = UnsafeMutablePointer<frond_body>.allocate(capacity: 1)
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  /// Long enough to bridge the serial code between two regions, short against a scheduler tick.
  private static let spinning = 15_000

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
    body.deallocate()
  }

  /// Runs a region, or returns false at once if another one is running.
  ///
  /// Never inlined, so that what the body has captured lives until this returns.
  @inline(never)
  func run(_ count: Int, _ newBody: (Int) -> Void) -> Bool {
    precondition(count <= 0xffff, "a region has at most 65 535 chunks")
    guard busy.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged else {
      return false
    }
    keep(body, newBody)
    finished.store(0, ordering: .relaxed)
    let generation = (claim.load(ordering: .relaxed) >> 32) &+ 1
    claim.store((generation << 32) | UInt64(count), ordering: .sequentiallyConsistent)
    wake(count - 1)
    var own = 0
    while executeOne(fromEnd: false) { own += 1 }
    let spinUntil = now() + Crew.spinning
    while finished.load(ordering: .acquiring) < count - own {
      if now() > spinUntil { sched_yield() }
    }
    busy.store(false, ordering: .releasing)
    return true
  }

  /// Claims and executes a chunk; false if there is none left.
  @inline(never)
  private func executeOne(fromEnd: Bool) -> Bool {
    var seen = claim.load(ordering: .acquiring)
    while Crew.isUnclaimed(seen) {
      let (exchanged, original) = claim.compareExchange(
        expected: seen, desired: fromEnd ? seen - 1 : seen + 0x1_0000, ordering: .acquiringAndReleasing)
      if exchanged {
        frond_call(body, Int(fromEnd ? (seen & 0xffff) - 1 : (seen >> 16) & 0xffff))
        return true
      }
      seen = original
    }
    return false
  }

  private static func isUnclaimed(_ claim: UInt64) -> Bool { (claim >> 16) & 0xffff < claim & 0xffff }

  private func wake(_ wanted: Int) {
    let asleep = sleepers.load(ordering: .sequentiallyConsistent)
    guard asleep > 0 else { return }
    pthread_mutex_lock(mutex)
    if wanted >= asleep {
      pthread_cond_broadcast(condition)
    } else {
      for _ in 0..<wanted { pthread_cond_signal(condition) }
    }
    pthread_mutex_unlock(mutex)
  }

  private var hasWork: Bool {
    Crew.isUnclaimed(claim.load(ordering: .sequentiallyConsistent))
      || stopping.load(ordering: .sequentiallyConsistent)
  }

  /// The life of a worker.
  func work() {
    while !stopping.load(ordering: .acquiring) {
      while executeOne(fromEnd: true) { finished.add(1, ordering: .releasing) }
      let spinUntil = now() + Crew.spinning
      while !hasWork && now() < spinUntil {}
      if !hasWork { sleep() }
    }
  }

  /// Sleeps until there is work. The caller of a region publishes it and then looks for sleepers, a worker
  /// counts itself among the sleepers and then looks for work: one of the two sees the other.
  private func sleep() {
    pthread_mutex_lock(mutex)
    sleepers.add(1, ordering: .sequentiallyConsistent)
    while !hasWork { pthread_cond_wait(condition, mutex) }
    sleepers.subtract(1, ordering: .sequentiallyConsistent)
    pthread_mutex_unlock(mutex)
  }

  func stop() {
    stopping.store(true, ordering: .sequentiallyConsistent)
    pthread_mutex_lock(mutex)
    pthread_cond_broadcast(condition)
    pthread_mutex_unlock(mutex)
  }

  /// Nanoseconds. Reading the clock also keeps a spinning thread off the memory bus.
  private func now() -> Int {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}

/// Puts a closure where other threads can call it, for as long as its caller holds it. The language has no word for that:
/// a closure that is handed on would have to escape, and with that comes a block from the heap.
@_silgen_name("frond_keep")
private func keep(_ place: UnsafeMutablePointer<frond_body>, _ body: (Int) -> Void)
