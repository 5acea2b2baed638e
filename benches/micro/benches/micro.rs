//! The time of each case: `cargo bench --package zocket-micro`, or some of them: `… -- envelope`.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use zocket_micro::{RUNTIME, cases};

fn micro(criterion: &mut Criterion) {
    let _inside = RUNTIME.enter();
    for case in cases::all() {
        let mut group = criterion.benchmark_group("micro");
        group.throughput(Throughput::Elements(case.operations));
        group.bench_function(case.name, |bencher| {
            let mut run = (case.make)();
            bencher.iter(&mut run);
        });
        group.finish();
    }
}

criterion_group!(benches, micro);
criterion_main!(benches);
