/* The cold solve of vecu/accompaniment/matching in C: the same shortest augmenting paths with prices
 * as network.py, over the same arrays. Built by kernel/build.py; optional, the plain engine is the default.
 *
 * Need i owns edges start[i]..start[i+1]: peer[e], cost[e] (scaled). A peer j has room[j] places; its
 * k-th place costs fair * (load[j] + k). Needs are inserted in the order given. Out: price[j], and the
 * matched edge of each need (-1: waiting). Returns 0, or 1 when memory runs out.
 */
#include <stdint.h>
#include <stdlib.h>

typedef int64_t i64;
typedef int32_t i32;
typedef struct { i64 key; i32 peer; } item;

typedef struct {
    const i64 *start, *cost, *waiting, *load; const i32 *peer, *room; i64 fair;
    i64 *price, *edge;                 /* out */
    i64 *first; i32 *member, *used;    /* the needs each peer holds */
    i64 *dist, *via; i32 *mark, *done; i32 stamp, reached;
    item *heap; size_t size, space;
} net;

static int push(net *n, i64 key, i32 peer) {
    if (n->size == n->space) {
        item *more = realloc(n->heap, 2 * n->space * sizeof(item));
        if (!more) return 1;
        n->heap = more; n->space *= 2;
    }
    size_t at = n->size++;
    while (at && n->heap[(at - 1) / 2].key > key) { n->heap[at] = n->heap[(at - 1) / 2]; at = (at - 1) / 2; }
    n->heap[at] = (item){key, peer};
    return 0;
}

static item pop(net *n) {
    item top = n->heap[0], last = n->heap[--n->size];
    size_t at = 0, kid;
    while ((kid = 2 * at + 1) < n->size) {
        if (kid + 1 < n->size && n->heap[kid + 1].key < n->heap[kid].key) kid++;
        if (n->heap[kid].key >= last.key) break;
        n->heap[at] = n->heap[kid]; at = kid;
    }
    n->heap[at] = last;
    return top;
}

/* Reach every candidate of a need that stays under the limit; `base` is the path so far. */
static int relax(net *n, i32 need, i64 base, i64 limit) {
    for (i64 e = n->start[need]; e < n->start[need + 1]; e++) {
        i32 j = n->peer[e];
        i64 step = base + n->cost[e] + n->price[j];
        if (step >= limit || (n->mark[j] == n->stamp && step >= n->dist[j])) continue;
        n->mark[j] = n->stamp; n->dist[j] = step; n->via[j] = e;
        if (push(n, step, j)) return 1;
    }
    return 0;
}

static void leave(net *n, i32 need, i32 peer) {
    i32 *held = n->member + n->first[peer], at = 0;
    while (held[at] != need) at++;
    held[at] = held[--n->used[peer]];
}

static i32 owner(const net *n, i64 edge, i32 needs) {
    i32 low = 0, high = needs;
    while (high - low > 1) { i32 mid = low + (high - low) / 2; if (n->start[mid] <= edge) low = mid; else high = mid; }
    return low;
}

static int insert(net *n, i32 need, i32 needs) {
    i64 limit = n->waiting[need];
    i32 sink = -1, leaver = -1;
    n->size = 0; n->stamp++; n->reached = 0;
    if (relax(n, need, 0, limit)) return 1;
    while (n->size) {
        item top = pop(n);
        i32 j = top.peer;
        if (top.key >= limit) break;
        if (top.key > n->dist[j]) continue;
        n->done[n->reached++] = j;
        if (n->used[j] < n->room[j]) {
            i64 extra = n->fair * (n->load[j] + n->used[j] + 1) - n->price[j];
            if (top.key + extra < limit) { limit = top.key + extra; sink = j; leaver = -1; }
        }
        for (i32 k = 0; k < n->used[j]; k++) {
            i32 other = n->member[n->first[j] + k];
            i64 base = top.key - n->price[j] - n->cost[n->edge[other]];
            if (base + n->waiting[other] < limit) { limit = base + n->waiting[other]; sink = j; leaver = other; }
            if (relax(n, other, base, limit)) return 1;
        }
    }
    for (i32 k = 0; k < n->reached; k++) {
        i32 j = n->done[k];
        if (n->dist[j] < limit) n->price[j] += limit - n->dist[j];
    }
    if (leaver >= 0) { leave(n, leaver, sink); n->edge[leaver] = -1; }
    while (sink >= 0) {
        i64 e = n->via[sink];
        i32 comer = owner(n, e, needs), from = n->edge[comer] < 0 ? -1 : n->peer[n->edge[comer]];
        if (from >= 0) leave(n, comer, from);
        n->member[n->first[sink] + n->used[sink]++] = comer;
        n->edge[comer] = e;
        sink = from;
    }
    return 0;
}

int vecu_solve(i32 needs, i32 peers, const i64 *start, const i32 *peer, const i64 *cost, const i64 *waiting,
               const i32 *room, const i64 *load, i64 fair, i32 count, const i32 *order, i64 *price, i64 *edge) {
    net n = {.start = start, .cost = cost, .waiting = waiting, .load = load, .peer = peer, .room = room,
             .fair = fair, .price = price, .edge = edge, .space = 1024};
    int failed = 1;
    n.first = malloc((peers + 1) * sizeof(i64));
    n.used = calloc(peers + 1, sizeof(i32)); n.mark = calloc(peers + 1, sizeof(i32));
    n.done = malloc((peers + 1) * sizeof(i32)); n.dist = malloc((peers + 1) * sizeof(i64));
    n.via = malloc((peers + 1) * sizeof(i64)); n.heap = malloc(n.space * sizeof(item));
    if (!n.first || !n.used || !n.mark || !n.done || !n.dist || !n.via || !n.heap) goto end;
    n.first[0] = 0;
    for (i32 j = 0; j < peers; j++) { n.first[j + 1] = n.first[j] + room[j]; price[j] = fair * (load[j] + 1); }
    n.member = malloc((n.first[peers] + 1) * sizeof(i32));
    if (!n.member) goto end;
    for (i32 i = 0; i < needs; i++) edge[i] = -1;
    failed = 0;
    for (i32 k = 0; k < count && !failed; k++) failed = insert(&n, order[k], needs);
end:
    free(n.first); free(n.used); free(n.mark); free(n.done); free(n.dist); free(n.via); free(n.heap); free(n.member);
    return failed;
}
