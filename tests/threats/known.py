"""The threats of the model, each with the tests that hold it."""

from __future__ import annotations

from tests.threats.threat import Threat

P = "vecu/people/tests"
C = "vecu/core/tests"
M = "vecu/messaging/tests"
S = "vecu/safeguarding/tests"
A = "vecu/accompaniment/tests"
G = "vecu/agenda/tests"
R = "vecu/recruitment/tests"
T = "tests/threats"

SURVEYS = "surveys"
TESTIMONIES = "testimonies and podcasts"

THREATS = [
    Threat(
        1,
        "a coordinator opens a thread or a file without need",
        (
            f"{M}/test_querysets.py::test_no_role_has_a_standing_right_to_read",
            f"{M}/test_views.py::TestWhoMayOpen::test_role_without_right_gets_403",
            f"{P}/test_actions.py::TestIdentity::test_reason_is_required",
            f"{P}/test_views.py::TestOwnPages::test_page_says_who_opened_what_and_why",
            "tests/test_readings.py::test_each_reading_has_its_words",
            f"{R}/test_views.py::TestMeeting::test_notes_open_for_nobody_else",
            f"{R}/test_interviews.py::TestNotes::test_no_other_role_opens_them",
        ),
        "a weekly letter of openings: the officer has the journal and the alarm of row 2",
    ),
    Threat(
        2,
        "a coordinator exports in bulk, or makes herself a peer",
        (
            f"{A}/test_proposals.py::TestPropose::test_a_coordinator_never_matches_herself",
            f"{T}/test_insiders.py::TestManyFiles::test_it_works",
            f"{T}/test_insiders.py::TestManyFiles::test_never_to_the_reader_alone",
            "vecu/peers/tests/test_imports.py::TestPages::test_export_holds_no_formula_no_last_name_and_is_journaled",
        ),
    ),
    Threat(
        3,
        "a curious peer looks people up",
        (
            "tests/access/test_visible.py::test_rows_seen",
            f"{T}/test_insiders.py::TestCuriousPeer::test_only_ones_own_and_only_for_its_time",
            f"{T}/test_insiders.py::TestCuriousPeer::test_nobody_is_looked_up",
        ),
    ),
    Threat(
        4,
        "an abusive user in a private thread",
        (
            f"{M}/test_views.py::TestReport::test_report_and_block_in_one_gesture",
            f"{M}/test_actions.py::TestEnding::test_block_and_an_ordinary_end_look_alike_to_the_other",
            f"{M}/test_warnings.py::test_it_is_seen",
            f"{S}/test_actions.py::test_the_reporter_gets_an_answer",
        ),
    ),
    Threat(
        5,
        "a banned user comes back",
        (
            f"{P}/test_recoveries.py::TestRefusedBefore::test_return_is_seen_by_those_who_coordinate_here_even_after_erasure",
            f"{P}/test_recoveries.py::TestRefusedBefore::test_only_a_mark_is_kept",
            f"{P}/test_openid.py::TestSignIn::test_nobody_arrives_this_way",
        ),
    ),
    Threat(
        6,
        "a backup leaks",
        (
            f"{C}/test_backup.py::test_sealed_files_open_with_the_private_key_only",
            f"{C}/test_crypto.py::test_the_column_holds_the_header_and_no_text",
        ),
    ),
    Threat(
        7,
        "a stolen or borrowed phone",
        (
            f"{P}/test_signin.py::TestSessions::test_idle",
            f"{P}/test_signin.py::TestSessions::test_absolute_end_even_for_the_busy",
            f"{P}/test_signin.py::TestSessions::test_closing_the_others_refuses_them_at_their_next_page",
            f"{P}/test_signin.py::TestSessions::test_signing_out_clears_the_browser",
            f"{C}/test_http.py::test_private_headers",
        ),
    ),
    Threat(8, "a requisition", (), "the command that answers it, with the tools of the data officer"),
    Threat(
        9,
        "answers of a survey are linked to people",
        (
            "vecu/training/tests/test_reviews.py::test_nothing_kept_leads_from_an_answer_to_a_person",
            "vecu/training/tests/test_reviews.py::test_the_order_says_nothing",
            "vecu/training/tests/test_reviews.py::test_four_are_erased_unread",
            "vecu/training/tests/test_looks.py::TestGroup::test_by_fives_so_that_one_more_tells_nothing",
        ),
        f"{SURVEYS} of teams, with vouchers: views of a course are held",
    ),
    Threat(
        10,
        "two tables of figures are subtracted",
        (
            "vecu/impact/tests/test_masking.py::test_no_small_cell_is_shown_and_none_can_be_subtracted",
            "vecu/impact/tests/test_figures.py::test_the_network_less_the_committee_tells_nothing_of_a_small_hospital",
        ),
        f"overlapping groups: {SURVEYS}",
    ),
    Threat(11, "a witness withdraws, copies stay", (), TESTIMONIES),
    Threat(12, "a third party is named in an episode", (), TESTIMONIES),
    Threat(
        13,
        "one organisation reaches another's rows",
        (
            "tests/access/test_walk.py::test_keys_of_the_other_organisation_open_nothing_and_change_nothing",
            "tests/access/test_visible.py::test_rows_seen",
            f"{C}/test_crypto.py::test_row_swap_is_refused",
            f"{C}/test_crypto.py::test_organisation_swap_is_refused",
            f"{C}/test_crypto.py::test_column_swap_is_refused",
            f"{T}/test_source.py::test_what_is_remembered_between_requests_is_of_no_organisation",
        ),
        "row-level security of PostgreSQL, as a second line",
    ),
    Threat(
        14,
        "a formula in a spreadsheet",
        (
            f"{T}/test_exports.py::test_no_cell_of_any_export_is_a_formula",
            f"{T}/test_exports.py::test_no_way_out_is_forgotten",
            f"{T}/test_source.py::test_spreadsheets_are_written_in_one_place",
            f"{C}/test_spreadsheet.py::test_no_csv_cell_starts_like_a_formula",
            f"{C}/test_spreadsheet.py::test_no_xlsx_cell_is_a_formula",
            f"{C}/test_spreadsheet.py::test_no_ods_cell_has_a_formula",
        ),
    ),
    Threat(
        15,
        "place and device in a photo",
        (
            f"{C}/test_images.py::test_metadata_stay_behind",
            f"{C}/test_images.py::test_text_and_profile_of_a_png_stay_behind",
            f"{C}/test_sounds.py::test_what_it_tells_is_gone_and_the_sound_stays",
        ),
    ),
    Threat(
        16,
        "a file made to harm",
        (
            f"{C}/test_images.py::test_bomb_is_refused_before_it_is_decoded",
            f"{C}/test_images.py::test_what_is_no_image_is_refused",
            f"{C}/test_uploads.py::test_a_pdf_is_written_anew",
            f"{C}/test_uploads.py::test_what_is_no_proof_is_refused",
            f"{C}/test_sounds.py::test_spoilt_bytes_are_a_sound_or_refused_never_a_fault",
            f"{C}/test_spreadsheet.py::test_bombs_are_refused_before_they_unfold",
            "tests/faults/test_inputs.py::test_every_upload",
        ),
        f"a process apart, with limits: {TESTIMONIES}",
    ),
    Threat(
        17,
        "the server is made to fetch an address",
        (
            f"{T}/test_source.py::test_nothing_else_speaks_to_the_outside",
            f"{P}/test_openid_lies.py::TestHostileProvider::test_only_its_own_origin_is_spoken_to",
            f"{P}/test_openid_lies.py::TestHostileProvider::test_a_lie_opens_nothing",
        ),
    ),
    Threat(
        18,
        "a link in a mailbox, a log, a scanner",
        (
            f"{P}/test_views.py::TestInvitationPages::test_scanners_that_open_the_link_consume_nothing",
            f"{P}/test_views.py::TestInvitationPages::test_second_use_and_wrong_links_open_nothing",
            f"{P}/test_views.py::TestInvitationPages::test_secret_leaves_the_address_bar_at_once_and_goes_nowhere_else",
            f"{T}/test_links.py::test_no_log_nor_journal_holds_a_secret",
            f"{G}/test_views.py::test_calendar_address_is_shown_once_and_renewed",
            f"{G}/test_calendar.py::test_the_address_opens_only_while_its_person_is_here",
        ),
    ),
    Threat(
        19,
        "family on a shared mailbox",
        (
            f"{P}/test_signin.py::TestCodeByMail::test_shared_mailbox_never_gets_a_code",
            f"{M}/test_notices.py::TestTell::test_no_letter_where_it_must_not_go",
            f"{M}/test_notices.py::TestNeutrality::test_every_kind_says_the_same_nothing",
            f"{R}/test_actions.py::TestLetters::test_a_shared_mailbox_receives_nothing",
        ),
    ),
    Threat(
        20,
        "sender or subject reveals an illness",
        (
            f"{M}/test_notices.py::TestNeutrality::test_every_kind_says_the_same_nothing",
            f"{M}/test_notices.py::TestNeutrality::test_link_leads_to_the_neutral_home_only",
            f"{P}/test_signin.py::TestCodeByMail::test_mail_says_nothing_but_the_code",
            f"{P}/test_views.py::TestInvitationPages::test_message_is_neutral",
            f"{G}/test_tasks.py::test_a_letter_says_nothing_of_what_it_is_about",
            f"{R}/test_actions.py::TestLetters::test_mails_say_nothing",
            f"{G}/test_calendar.py::test_a_calendar_says_when_and_in_which_town_and_nothing_more",
        ),
    ),
    Threat(
        21,
        "passwords and codes are guessed",
        (
            f"{P}/test_guesses.py::TestGuesses::test_ten_thousand_tries_in_an_hour_keep_the_owner_out_of_nothing",
            f"{P}/test_guesses.py::TestGuesses::test_known_and_unknown_addresses_take_the_same_time",
            f"{P}/test_guesses.py::TestGuesses::test_owner_on_a_known_device_is_not_slowed_by_a_stranger",
            f"{P}/test_signin.py::TestCodeByMail::test_five_wrong_tries_end_the_code",
        ),
    ),
    Threat(
        22,
        "a false sign-in page",
        (
            f"{P}/test_second_factor.py::TestSecondFactor::test_staff_with_a_password_only_are_led_to_it_everywhere",
            "tests/e2e/test_passkey.py::test_coordinator_cannot_work_before_the_passkey_and_needs_nothing_else_after",
        ),
    ),
    Threat(
        23,
        "« I lost my phone »",
        (
            f"{P}/test_recoveries.py::TestRecovery::test_a_day_goes_by_then_everything_starts_again",
            f"{P}/test_recoveries.py::TestRecovery::test_owner_stops_it_and_those_who_coordinate_are_told",
            f"{P}/test_signin.py::TestPassword::test_reset_link_is_neutral_and_does_not_skip_the_second_factor",
        ),
    ),
    Threat(
        24,
        "one provider is taken for another",
        (
            f"{P}/test_openid_lies.py::TestHostileProvider::test_a_lie_opens_nothing",
            f"{P}/test_openid_lies.py::TestConfusion::test_same_subject_of_another_issuer_is_someone_else",
            f"{P}/test_openid_lies.py::TestConfusion::test_an_answer_for_another_browser_opens_nothing",
            f"{P}/test_openid_lies.py::TestConfusion::test_each_answer_serves_once",
            f"{P}/test_openid.py::TestLinking::test_a_sign_in_never_links",
            f"{P}/test_openid.py::test_a_provider_written_by_others",
        ),
    ),
    Threat(
        25,
        "someone claims to be a nurse",
        (f"{P}/test_openid.py::TestSignIn::test_nobody_arrives_this_way",),
        "the badge that says who vouched: professionals' profiles",
    ),
    Threat(
        26,
        "a script in a text",
        (
            "tests/e2e/test_exchange.py::test_hostile_text_stays_text",
            "tests/faults/test_inputs.py::test_every_field_of_every_form",
            f"{T}/test_source.py::test_few_places_say_that_a_text_is_safe",
            f"{T}/test_source.py::test_no_template_turns_escaping_off",
            f"{C}/test_ui.py::test_text_is_escaped_everywhere",
        ),
    ),
    Threat(
        27,
        "another site makes a browser act",
        (
            "tests/access/test_walk.py::test_answers_are_those_of_the_table",
            f"{C}/test_http.py::test_a_get_that_writes_is_refused_by_the_wrapper",
            "tests/architecture/test_layout.py::test_forms_of_templates_are_the_tag",
        ),
    ),
    Threat(
        28,
        "typed words become SQL",
        (
            f"{T}/test_source.py::test_no_typed_word_becomes_a_keyword_of_a_query",
            f"{T}/test_source.py::test_views_and_forms_pass_nothing_on_as_a_keyword_of_a_query",
            f"{T}/test_source.py::test_sql_is_written_by_hand_in_core_only_and_never_with_values_in_it",
            "tests/faults/test_inputs.py::test_every_query",
        ),
    ),
    Threat(
        29,
        "a malicious update",
        (
            "tests/architecture/test_layout.py::test_dependencies_are_few_and_say_why",
            "tests/architecture/test_layout.py::test_lock_files_name_no_registry",
            f"{C}/test_vendor.py::test_file_is_the_one_declared",
        ),
    ),
    Threat(
        30,
        "the journal is edited",
        (
            f"{C}/test_journal.py::test_one_changed_column_is_found",
            f"{C}/test_journal.py::test_a_cut_tail_is_found_thanks_to_the_anchor",
            f"{C}/test_journal.py::test_two_swapped_entries_are_found",
            f"{C}/test_journal.py::test_update_and_delete_are_refused_by_the_database",
        ),
    ),
    Threat(
        31,
        "the web process is taken over",
        (f"{C}/test_vault.py::test_the_memory_of_keys_is_bounded",),
        "an alarm on the number of texts opened, and the system unit: deployment",
    ),
    Threat(
        32,
        "a flood",
        (
            f"{T}/test_boot.py::TestFlood::test_an_address_that_is_not_costs_no_query",
            f"{T}/test_boot.py::TestFlood::test_guesses_cost_no_hash_while_a_delay_runs",
            f"{T}/test_boot.py::test_a_right_instance_passes_every_check_and_holds_its_limits",
            "tests/faults/test_inputs.py::test_a_body_beyond_the_limit_is_refused",
        ),
        "a load with one request in five hostile: `make bench`",
    ),
    Threat(
        33,
        "texts leave for a vendor",
        (
            f"{T}/test_source.py::test_nothing_else_speaks_to_the_outside",
            f"{T}/test_source.py::test_pages_load_nothing_from_elsewhere",
            "tests/e2e/test_kit.py::test_kit_sees",
            "tests/e2e/test_pages.py::test_pages_are_sound",
        ),
    ),
    Threat(
        34,
        "real data on a laptop",
        (f"{T}/test_masked_dump.py::test_it_holds_no_known_string_and_the_whole_shape",),
    ),
    Threat(
        35,
        "minors",
        (
            f"{A}/test_asking.py::TestMinors::test_under_15_a_parent_agrees_first",
            f"{A}/test_asking.py::TestMinors::test_the_parents_agreement_is_recorded",
        ),
    ),
    Threat(
        36,
        "an alert that nobody hears",
        (
            f"{S}/test_escalation.py::test_a_worker_killed_skips_no_step_and_doubles_none",
            f"{S}/test_escalation.py::test_two_minutes_after_the_last_beat_every_page_of_the_team_says_so",
            f"{S}/test_escalation.py::test_when_letters_do_not_leave_the_page_says_whom_to_ring",
            f"{S}/test_escalation.py::test_a_hole_in_the_roster_stops_no_clock",
        ),
    ),
    Threat(
        37,
        "a message to the wrong person",
        (
            f"{T}/test_pairing.py::TestMisdelivery::test_meeting_again_is_another_thread",
            f"{T}/test_pairing.py::TestMisdelivery::test_a_page_left_open_sends_nothing_to_the_next_one",
            f"{T}/test_pairing.py::TestMisdelivery::test_the_writer_sees_whom_they_write_to_and_is_asked_after_a_week",
            f"{M}/test_races.py::test_nothing_is_sent_once_the_end_is_said",
        ),
    ),
    Threat(
        38,
        "a rare illness in a small town",
        (
            f"{T}/test_pairing.py::TestUniqueness::test_no_public_page_shows_anybody",
            f"{T}/test_pairing.py::TestUniqueness::test_pseudonyms_are_drawn_never_made_of_the_person",
            f"{A}/test_needs.py::TestNeeds::test_small_groups_are_hidden_and_not_recovered_by_subtraction",
        ),
        f"public lists of stories: {TESTIMONIES}",
    ),
    Threat(
        39,
        "an instance set wrong",
        (
            f"{T}/test_boot.py::test_one_wrong_variable_and_nothing_serves",
            f"{T}/test_boot.py::test_a_right_instance_passes_every_check_and_holds_its_limits",
            f"{C}/test_checks.py::test_one_wrong_setting_is_refused",
        ),
    ),
    Threat(
        40,
        "an error leaves half a change",
        (
            "tests/faults/test_halfway.py::test_an_action_that_fails_leaves_nothing",
            "tests/faults/test_halfway.py::test_every_action_that_writes_is_one_transaction",
            f"{C}/test_mail.py::test_no_letter_for_a_fact_rolled_back",
            f"{C}/test_http.py::test_an_error_shows_the_help_lines_and_a_number_and_no_detail",
        ),
    ),
]
