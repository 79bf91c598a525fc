from __future__ import annotations

from django.urls import path

from fourfold.reports.views import accuracy, credit, experiments, fourcs, goals, nps, roi

urlpatterns = [
    path("4cs/", fourcs.show_fourcs, name="fourcs"),
    path("4cs/again/", fourcs.try_again, name="fourcs_again"),
    path("4cs/channels.csv", fourcs.download_channels, name="fourcs_csv"),
    path("4cs/board.pdf", fourcs.download_board, name="board_pdf"),
    path("4cs/figure/<slug:name>/", fourcs.show_figure, name="figure"),
    path("4cs/figure/<slug:name>/rows.csv", fourcs.download_figure, name="figure_csv"),
    path("4cs/credit/", credit.show_key, name="credit"),
    path("4cs/credit/rows.csv", credit.download_key, name="credit_csv"),
    path("4cs/journey/<uuid:outcome>/", credit.show_journey, name="journey"),
    path("4cs/journey/<uuid:outcome>/touches.csv", credit.download_journey, name="journey_csv"),
    path("4cs/roi/", roi.show_roi, name="roi"),
    path("4cs/roi/rows.csv", roi.download_roi, name="roi_csv"),
    path("4cs/roi/compare/", roi.show_comparison, name="compare"),
    path("4cs/roi/compare.csv", roi.download_comparison, name="compare_csv"),
    path("4cs/accuracy/", accuracy.show_accuracy, name="accuracy"),
    path("4cs/accuracy.csv", accuracy.download_accuracy, name="accuracy_csv"),
    path("4cs/nps/", nps.show_nps, name="nps"),
    path("4cs/nps/rows.csv", nps.download_nps, name="nps_csv"),
    path("4cs/goals/", goals.show_goals, name="goals"),
    path("4cs/goals/rows.csv", goals.download_goals, name="goals_csv"),
    path("4cs/goals/new/", goals.new_goal, name="new_goal"),
    path("4cs/goals/<uuid:key>/", goals.change_goal, name="change_goal"),
    path("4cs/goals/<uuid:key>/drop/", goals.drop_goal, name="drop_goal"),
    path("4cs/goals/<uuid:key>/restore/", goals.restore_goal, name="restore_goal"),
    path("4cs/experiments/", experiments.show_experiments, name="experiments"),
    path("4cs/experiments/new/", experiments.new_experiment, name="new_experiment"),
    path("4cs/experiments/size/", experiments.show_sizing, name="sizing"),
    path("4cs/experiments/<uuid:key>/", experiments.show_experiment, name="experiment"),
    path("4cs/experiments/<uuid:key>/rows.csv", experiments.download_experiment, name="experiment_csv"),
    path("4cs/experiments/<uuid:key>/remove/", experiments.remove_experiment, name="remove_experiment"),
]
